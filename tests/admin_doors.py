"""The doors of the admin, and what each of the cast finds behind them: the tables of tests/test_every_page.py."""

ADMIN_GETS = """
#                                                               none outs.menteementor admin  hill super
admin:index                                                      302   404   404   404   200   200   200
admin:house                                                      login   404   404   404   404   404   200
admin:login                                                    login   404   404   404   302   302   302
admin:logout                                                     302   404   404   404   405   405   405
admin:password_change                                            302   404   404   404   302   302   302
admin:password_change_done                                       302   404   404   404   302   302   302
admin:autocomplete                                               302   404   404   404   403   403   403
admin:jsi18n                                                     302   404   404   404   200   200   200
admin:audit_log                                                login   404   404   404   404   404   200
admin:reports                                                  login   404   404   404   200   200   200
admin:reports_take                                             login   404   404   404   405   405   405
admin:app_list app_label=mentoring                               302   404   404   404   302   302   302
admin:app_list app_label=accounts                                302   404   404   404   302   302   302
admin:app_list app_label=mail                                    302   404   404   404   302   302   302
admin:app_list app_label=reflections                             302   404   404   404   302   302   302
admin:mentoring_program_changelist                             login   404   404   404   200   200   200
admin:mentoring_program_export                                 login   404   404   404   200   200   200
admin:mentoring_program_add                                    login   404   404   404   200   200   200
admin:mentoring_program_change object_id=program               login   404   404   404   200   404   200
admin:mentoring_program_history object_id=program              login   404   404   404   200   404   200
admin:mentoring_program_delete object_id=program               login   404   404   404   403   403   200
admin:mentoring_program_change object_id=hill_program          login   404   404   404   404   200   200
admin:mentoring_program_history object_id=hill_program         login   404   404   404   404   200   200
admin:mentoring_program_delete object_id=hill_program          login   404   404   404   403   403   200
admin:mentoring_program_criteria pk=program                    login   404   404   404   200   404   200
admin:mentoring_program_criteria pk=hill_program               login   404   404   404   404   200   200
admin:mentoring_programadmin_changelist                        login   404   404   404   200   200   200
admin:mentoring_programadmin_export                            login   404   404   404   200   200   200
admin:mentoring_programadmin_add                               login   404   404   404   200   200   200
admin:mentoring_programadmin_change object_id=right            login   404   404   404   200   404   200
admin:mentoring_programadmin_history object_id=right           login   404   404   404   200   404   200
admin:mentoring_programadmin_delete object_id=right            login   404   404   404   403   404   200
admin:mentoring_programadmin_change object_id=hill_right       login   404   404   404   404   200   200
admin:mentoring_programadmin_history object_id=hill_right      login   404   404   404   404   200   200
admin:mentoring_programadmin_delete object_id=hill_right       login   404   404   404   404   403   200
admin:accounts_user_changelist                                 login   404   404   404   200   200   200
admin:accounts_user_export                                     login   404   404   404   200   200   200
admin:accounts_user_add                                        login   404   404   404   403   403   200
admin:accounts_user_change object_id=person                    login   404   404   404   200   404   200
admin:accounts_user_history object_id=person                   login   404   404   404   200   404   200
admin:accounts_user_delete object_id=person                    login   404   404   404   403   403   403
admin:accounts_user_change object_id=hill_person               login   404   404   404   404   200   200
admin:accounts_user_history object_id=hill_person              login   404   404   404   404   200   200
admin:accounts_user_delete object_id=hill_person               login   404   404   404   403   403   403
admin:mentoring_enrollment_changelist                          login   404   404   404   200   200   200
admin:mentoring_enrollment_export                              login   404   404   404   200   200   200
admin:mentoring_enrollment_add                                 login   404   404   404   200   200   200
admin:mentoring_enrollment_change object_id=place              login   404   404   404   200   404   200
admin:mentoring_enrollment_history object_id=place             login   404   404   404   200   404   200
admin:mentoring_enrollment_delete object_id=place              login   404   404   404   403   404   403
admin:mentoring_enrollment_change object_id=hill_place         login   404   404   404   404   200   200
admin:mentoring_enrollment_history object_id=hill_place        login   404   404   404   404   200   200
admin:mentoring_enrollment_delete object_id=hill_place         login   404   404   404   404   403   403
admin:mentoring_announcement_changelist                        login   404   404   404   200   200   200
admin:mentoring_announcement_export                            login   404   404   404   200   200   200
admin:mentoring_announcement_add                               login   404   404   404   200   200   200
admin:mentoring_announcement_change object_id=announcement     login   404   404   404   200   404   200
admin:mentoring_announcement_history object_id=announcement    login   404   404   404   200   404   200
admin:mentoring_announcement_delete object_id=announcement     login   404   404   404   200   404   200
admin:mentoring_announcement_preview pk=announcement           login   404   404   404   200   404   200
admin:mentoring_announcement_preview_html pk=announcement      login   404   404   404   404   404   404
admin:mentoring_announcement_people pk=announcement            login   404   404   404   200   404   200
admin:mentoring_announcement_send pk=announcement              login   404   404   404   200   404   200
admin:mentoring_announcement_test pk=announcement              login   404   404   404   405   405   405
admin:mentoring_announcement_copy pk=announcement              login   404   404   404   405   405   405
admin:mentoring_announcement_change object_id=hill_announcement login   404   404   404   404   200   200
admin:mentoring_announcement_history object_id=hill_announcement login   404   404   404   404   200   200
admin:mentoring_announcement_delete object_id=hill_announcement login   404   404   404   404   200   200
admin:mentoring_announcement_preview pk=hill_announcement      login   404   404   404   404   200   200
admin:mentoring_announcement_preview_html pk=hill_announcement login   404   404   404   404   404   404
admin:mentoring_announcement_people pk=hill_announcement       login   404   404   404   404   200   200
admin:mentoring_announcement_send pk=hill_announcement         login   404   404   404   404   200   200
admin:mentoring_announcement_test pk=hill_announcement         login   404   404   404   405   405   405
admin:mentoring_announcement_copy pk=hill_announcement         login   404   404   404   405   405   405
admin:mentoring_announcement_change object_id=announced        login   404   404   404   200   404   200
admin:mentoring_announcement_delete object_id=announced        login   404   404   404   403   404   403
admin:mentoring_announcement_people pk=announced               login   404   404   404   200   404   200
admin:mentoring_announcement_send pk=announced                 login   404   404   404   302   404   302
admin:mentoring_announcement_change object_id=hill_announced   login   404   404   404   404   200   200
admin:mentoring_announcement_delete object_id=hill_announced   login   404   404   404   404   403   403
admin:mentoring_announcement_people pk=hill_announced          login   404   404   404   404   200   200
admin:mentoring_announcement_send pk=hill_announced            login   404   404   404   404   302   302
admin:mentoring_resource_changelist                             login   404   404   404   200   200   200
admin:mentoring_resource_export                                 login   404   404   404   200   200   200
admin:mentoring_resource_add                                    login   404   404   404   200   200   200
admin:mentoring_resource_change object_id=resource              login   404   404   404   200   404   200
admin:mentoring_resource_history object_id=resource             login   404   404   404   200   404   200
admin:mentoring_resource_file pk=resource                       login   404   404   404   200   404   200
admin:mentoring_resource_delete object_id=resource              login   404   404   404   200   404   200
admin:mentoring_resource_change object_id=hill_resource         login   404   404   404   404   200   200
admin:mentoring_resource_history object_id=hill_resource        login   404   404   404   404   200   200
admin:mentoring_resource_file pk=hill_resource                  login   404   404   404   404   200   200
admin:mentoring_resource_delete object_id=hill_resource         login   404   404   404   404   200   200
admin:mentoring_skill_changelist                               login   404   404   404   200   200   200
admin:mentoring_skill_export                                   login   404   404   404   200   200   200
admin:mentoring_skill_add                                      login   404   404   404   200   200   200
admin:mentoring_skill_change object_id=skill                   login   404   404   404   200   404   200
admin:mentoring_skill_history object_id=skill                  login   404   404   404   200   404   200
admin:mentoring_skill_delete object_id=skill                   login   404   404   404   200   404   200
admin:mentoring_skill_change object_id=hill_skill              login   404   404   404   404   200   200
admin:mentoring_skill_history object_id=hill_skill             login   404   404   404   404   200   200
admin:mentoring_skill_delete object_id=hill_skill              login   404   404   404   404   200   200
admin:mentoring_enrollmentquestion_changelist                  login   404   404   404   200   200   200
admin:mentoring_enrollmentquestion_export                      login   404   404   404   200   200   200
admin:mentoring_enrollmentquestion_add                         login   404   404   404   200   200   200
admin:mentoring_enrollmentquestion_change object_id=question   login   404   404   404   200   404   200
admin:mentoring_enrollmentquestion_history object_id=question  login   404   404   404   200   404   200
admin:mentoring_enrollmentquestion_delete object_id=question   login   404   404   404   200   404   200
admin:mentoring_enrollmentquestion_change object_id=hill_question login   404   404   404   404   200   200
admin:mentoring_enrollmentquestion_history object_id=hill_question login   404   404   404   404   200   200
admin:mentoring_enrollmentquestion_delete object_id=hill_question login   404   404   404   404   200   200
admin:mentoring_conversationstarter_changelist                 login   404   404   404   200   200   200
admin:mentoring_conversationstarter_export                     login   404   404   404   200   200   200
admin:mentoring_conversationstarter_add                        login   404   404   404   200   200   200
admin:mentoring_conversationstarter_change object_id=starter   login   404   404   404   200   404   200
admin:mentoring_conversationstarter_history object_id=starter  login   404   404   404   200   404   200
admin:mentoring_conversationstarter_delete object_id=starter   login   404   404   404   200   404   200
admin:mentoring_conversationstarter_change object_id=hill_starter login   404   404   404   404   200   200
admin:mentoring_conversationstarter_history object_id=hill_starter login   404   404   404   404   200   200
admin:mentoring_conversationstarter_delete object_id=hill_starter login   404   404   404   404   200   200
admin:mentoring_invitation_changelist                          login   404   404   404   200   200   200
admin:mentoring_invitation_export                              login   404   404   404   200   200   200
admin:mentoring_invitation_add                                 login   404   404   404   200   200   200
admin:mentoring_invitation_change object_id=invited            login   404   404   404   200   404   200
admin:mentoring_invitation_history object_id=invited           login   404   404   404   200   404   200
admin:mentoring_invitation_delete object_id=invited            login   404   404   404   403   403   403
admin:mentoring_invitation_change object_id=link               login   404   404   404   200   404   200
admin:mentoring_invitation_change object_id=hill_link          login   404   404   404   404   200   200
admin:mentoring_invitation_history object_id=hill_link         login   404   404   404   404   200   200
admin:mentoring_invitation_delete object_id=hill_link          login   404   404   404   403   403   403
admin:mentoring_import_changelist                              login   404   404   404   200   200   200
admin:mentoring_import_export                                  login   404   404   404   200   200   200
admin:mentoring_import_add                                     login   404   404   404   200   200   200
admin:mentoring_import_change object_id=import                 login   404   404   404   200   404   200
admin:mentoring_import_history object_id=import                login   404   404   404   200   404   200
admin:mentoring_import_delete object_id=import                 login   404   404   404   403   403   403
admin:mentoring_import_change object_id=import_sent            login   404   404   404   302   404   302
admin:mentoring_import_columns pk=import_sent                  login   404   404   404   200   404   200
admin:mentoring_import_columns pk=import                       login   404   404   404   200   404   200
admin:mentoring_import_progress pk=import                      login   404   404   404   204   404   204
admin:mentoring_import_read_again pk=import                    login   404   404   404   405   405   405
admin:mentoring_import_confirm pk=import                       login   404   404   404   405   405   405
admin:mentoring_import_mend pk=import                          login   404   404   404   405   405   405
admin:mentoring_import_leave pk=import                         login   404   404   404   405   405   405
admin:mentoring_import_not_possible pk=import format=csv       login   404   404   404   200   404   200
admin:mentoring_import_not_possible pk=import format=xlsx      login   404   404   404   200   404   200
admin:mentoring_import_not_possible pk=import format=exe       login   404   404   404   404   404   404
admin:mentoring_import_template program=program kind=people format=csv login   404   404   404   200   404   200
admin:mentoring_import_template program=program kind=pairs format=xlsx login   404   404   404   200   404   200
admin:mentoring_import_template program=program kind=nonsense format=csv login   404   404   404   404   404   404
admin:mentoring_import_template program=hill_program kind=people format=csv login   404   404   404   404   200   200
admin:mentoring_import_change object_id=hill_import            login   404   404   404   404   200   200
admin:mentoring_import_history object_id=hill_import           login   404   404   404   404   200   200
admin:mentoring_import_delete object_id=hill_import            login   404   404   404   403   403   403
admin:mentoring_import_columns pk=hill_import                  login   404   404   404   404   200   200
admin:mentoring_import_progress pk=hill_import                 login   404   404   404   404   204   204
admin:mentoring_import_not_possible pk=hill_import format=csv  login   404   404   404   404   200   200
admin:reflections_notereport_changelist                        login   404   404   404   200   200   200
admin:reflections_notereport_export                            login   404   404   404   200   200   200
admin:reflections_notereport_add                               login   404   404   404   403   403   403
admin:reflections_notereport_change object_id=note_report      login   404   404   404   200   404   200
admin:reflections_notereport_history object_id=note_report     login   404   404   404   200   404   200
admin:reflections_notereport_delete object_id=note_report      login   404   404   404   403   403   403
admin:reflections_notereport_change object_id=hill_note_report login   404   404   404   404   200   200
admin:reflections_notereport_history object_id=hill_note_report login   404   404   404   404   200   200
admin:reflections_notereport_delete object_id=hill_note_report login   404   404   404   403   403   403
admin:reflections_outsidestop_changelist                       login   404   404   404   200   200   200
admin:reflections_outsidestop_export                           login   404   404   404   200   200   200
admin:reflections_outsidestop_add                              login   404   404   404   200   200   200
admin:reflections_outsidestop_change object_id=outside_stop    login   404   404   404   200   404   200
admin:reflections_outsidestop_history object_id=outside_stop   login   404   404   404   200   404   200
admin:reflections_outsidestop_delete object_id=outside_stop    login   404   404   404   200   404   200
admin:reflections_outsidestop_change object_id=hill_outside_stop login   404   404   404   404   200   200
admin:reflections_outsidestop_history object_id=hill_outside_stop login   404   404   404   404   200   200
admin:reflections_outsidestop_delete object_id=hill_outside_stop login   404   404   404   404   200   200
admin:mentoring_fitcheck_changelist                            login   404   404   404   200   200   200
admin:mentoring_fitcheck_export                                login   404   404   404   200   200   200
admin:mentoring_fitcheck_add                                   login   404   404   404   403   403   403
admin:mentoring_fitcheck_change object_id=fit_check            login   404   404   404   200   404   200
admin:mentoring_fitcheck_history object_id=fit_check           login   404   404   404   200   404   200
admin:mentoring_fitcheck_delete object_id=fit_check            login   404   404   404   403   403   403
admin:mentoring_fitcheck_change object_id=hill_fit_check       login   404   404   404   404   200   200
admin:mentoring_fitcheck_history object_id=hill_fit_check      login   404   404   404   404   200   200
admin:mentoring_fitcheck_delete object_id=hill_fit_check       login   404   404   404   403   403   403
admin:mentoring_ruledout_changelist                            login   404   404   404   200   200   200
admin:mentoring_ruledout_export                                login   404   404   404   200   200   200
admin:mentoring_ruledout_add                                   login   404   404   404   200   200   200
admin:mentoring_ruledout_change object_id=apart                login   404   404   404   200   404   200
admin:mentoring_ruledout_history object_id=apart               login   404   404   404   200   404   200
admin:mentoring_ruledout_delete object_id=apart                login   404   404   404   200   404   200
admin:mentoring_ruledout_change object_id=hill_apart           login   404   404   404   404   200   200
admin:mentoring_ruledout_history object_id=hill_apart          login   404   404   404   404   200   200
admin:mentoring_ruledout_delete object_id=hill_apart           login   404   404   404   404   403   403
admin:mentoring_matchingrun_changelist                         login   404   404   404   200   200   200
admin:mentoring_matchingrun_export                             login   404   404   404   200   200   200
admin:mentoring_matchingrun_add                                login   404   404   404   200   200   200
admin:mentoring_matchingrun_change object_id=run_made          login   404   404   404   200   404   200
admin:mentoring_matchingrun_change object_id=run               login   404   404   404   200   404   200
admin:mentoring_matchingrun_history object_id=run              login   404   404   404   200   404   200
admin:mentoring_matchingrun_delete object_id=run               login   404   404   404   403   403   403
admin:mentoring_matchingrun_progress pk=run                    login   404   404   404   204   404   204
admin:mentoring_matchingrun_lock pk=run                        login   404   404   404   405   405   405
admin:mentoring_matchingrun_allow_again pk=run                 login   404   404   404   405   405   405
admin:mentoring_matchingrun_again pk=run                       login   404   404   404   405   405   405
admin:mentoring_matchingrun_move pk=run                        login   404   404   404   302   404   302
admin:mentoring_matchingrun_rule_out pk=run                    login   404   404   404   302   404   302
admin:mentoring_matchingrun_choose pk=run mentee=person        login   404   404   404   200   404   200
admin:mentoring_matchingrun_leave pk=run                       login   404   404   404   200   404   200
admin:mentoring_matchingrun_compare pk=run                     login   404   404   404   302   404   302
admin:mentoring_matchingrun_change object_id=hill_run          login   404   404   404   404   200   200
admin:mentoring_matchingrun_history object_id=hill_run         login   404   404   404   404   200   200
admin:mentoring_matchingrun_delete object_id=hill_run          login   404   404   404   403   403   403
admin:mentoring_matchingrun_progress pk=hill_run               login   404   404   404   404   204   204
admin:mentoring_matchingrun_lock pk=hill_run                   login   404   404   404   405   405   405
admin:mentoring_matchingrun_allow_again pk=hill_run            login   404   404   404   405   405   405
admin:mentoring_matchingrun_again pk=hill_run                  login   404   404   404   405   405   405
admin:mentoring_matchingrun_move pk=hill_run                   login   404   404   404   404   302   302
admin:mentoring_matchingrun_rule_out pk=hill_run               login   404   404   404   404   302   302
admin:mentoring_matchingrun_choose pk=hill_run mentee=hill_person login   404   404   404   404   200   200
admin:mentoring_matchingrun_leave pk=hill_run                  login   404   404   404   404   200   200
admin:mentoring_matchingrun_compare pk=hill_run                login   404   404   404   404   302   302
admin:mentoring_pairing_changelist                             login   404   404   404   200   200   200
admin:mentoring_pairing_export                                 login   404   404   404   200   200   200
admin:mentoring_pairing_add                                    login   404   404   404   200   200   200
admin:mentoring_pairing_change object_id=pairing               login   404   404   404   200   404   200
admin:mentoring_pairing_history object_id=pairing              login   404   404   404   200   404   200
admin:mentoring_pairing_delete object_id=pairing               login   404   404   404   403   404   403
admin:mentoring_pairing_change object_id=hill_pairing          login   404   404   404   404   200   200
admin:mentoring_pairing_history object_id=hill_pairing         login   404   404   404   404   200   200
admin:mentoring_pairing_delete object_id=hill_pairing          login   404   404   404   404   403   403
admin:mentoring_pairing_next_steps                            login   404   404   404   200   200   200
admin:mentoring_pairing_next_steps_seen_to step_pk=step       login   404   404   404   405   405   405
admin:mentoring_pairing_next_steps_seen_to step_pk=hill_step  login   404   404   404   405   405   405
admin:mentoring_pairingrequest_changelist                      login   404   404   404   200   200   200
admin:mentoring_pairingrequest_export                          login   404   404   404   200   200   200
admin:mentoring_pairingrequest_add                             login   404   404   404   403   403   403
admin:mentoring_pairingrequest_change object_id=request        login   404   404   404   200   404   200
admin:mentoring_pairingrequest_history object_id=request       login   404   404   404   200   404   200
admin:mentoring_pairingrequest_delete object_id=request        login   404   404   404   403   403   403
admin:mentoring_pairingrequest_change object_id=hill_request   login   404   404   404   404   200   200
admin:mentoring_pairingrequest_history object_id=hill_request  login   404   404   404   404   200   200
admin:mentoring_pairingrequest_delete object_id=hill_request   login   404   404   404   403   403   403
admin:mentoring_meeting_changelist                             login   404   404   404   200   200   200
admin:mentoring_meeting_export                                 login   404   404   404   200   200   200
admin:mentoring_meeting_add                                    login   404   404   404   403   403   403
admin:mentoring_meeting_change object_id=meeting               login   404   404   404   200   404   200
admin:mentoring_meeting_history object_id=meeting              login   404   404   404   200   404   200
admin:mentoring_meeting_delete object_id=meeting               login   404   404   404   403   403   403
admin:mentoring_meeting_change object_id=hill_meeting          login   404   404   404   404   200   200
admin:mentoring_meeting_history object_id=hill_meeting         login   404   404   404   404   200   200
admin:mentoring_meeting_delete object_id=hill_meeting          login   404   404   404   403   403   403
admin:mentoring_matchingrun_publish pk=run                     login   404   404   404   200   404   200
admin:mentoring_matchingrun_publications pk=run                login   404   404   404   200   404   200
admin:mentoring_matchingrun_publish pk=hill_run                login   404   404   404   404   200   200
admin:mentoring_matchingrun_publications pk=hill_run           login   404   404   404   404   200   200
admin:reflections_questionnaire_changelist                     login   404   404   404   200   200   200
admin:reflections_questionnaire_export                         login   404   404   404   200   200   200
admin:reflections_questionnaire_add                            login   404   404   404   200   200   200
admin:reflections_questionnaire_begin                          login   404   404   404   405   405   405
admin:reflections_questionnaire_change object_id=questions     login   404   404   404   200   404   200
admin:reflections_questionnaire_history object_id=questions    login   404   404   404   200   404   200
admin:reflections_questionnaire_delete object_id=questions     login   404   404   404   200   404   200
admin:reflections_questionnaire_change object_id=hill_questions login   404   404   404   404   200   200
admin:reflections_questionnaire_history object_id=hill_questions login   404   404   404   404   200   200
admin:reflections_questionnaire_delete object_id=hill_questions login   404   404   404   404   200   200
admin:reflections_questionnaire_change object_id=default       login   404   404   404   404   404   200
admin:reflections_questionnaire_history object_id=default      login   404   404   404   404   404   200
admin:reflections_questionnaire_delete object_id=default       login   404   404   404   404   404   403
admin:reflections_questionnaire_preview pk=questions role=both   login   404   404   404   200   404   200
admin:reflections_questionnaire_preview_question pk=questions role=both code=no-such login 404 404 404 404 404 404
admin:reflections_questionnaire_move pk=questions role=both    login   404   404   404   405   404   405
admin:reflections_questionnaire_translate pk=questions language=de login   404   404   404   200   404   200
admin:reflections_questionnaire_preview pk=hill_questions role=both   login   404   404   404   404   200   200
admin:reflections_questionnaire_preview_question pk=hill_questions role=both code=no-such login 404 404 404 404 404 404
admin:reflections_questionnaire_move pk=hill_questions role=both   login   404   404   404   404   405   405
admin:reflections_questionnaire_translate pk=hill_questions language=de login   404   404   404   404   200   200
admin:reflections_questionnaire_preview pk=default role=both   login   404   404   404   404   404   200
admin:reflections_questionnaire_preview_question pk=default role=both code=no-such login 404 404 404 404 404 404
admin:reflections_questionnaire_move pk=default role=both      login   404   404   404   404   404   405
admin:reflections_questionnaire_translate pk=default language=de login   404   404   404   404   404   200
admin:reflections_round_changelist                             login   404   404   404   200   200   200
admin:reflections_round_export                                 login   404   404   404   200   200   200
admin:reflections_round_add                                    login   404   404   404   403   403   403
admin:reflections_round_change object_id=round                 login   404   404   404   200   404   200
admin:reflections_round_history object_id=round                login   404   404   404   200   404   200
admin:reflections_round_delete object_id=round                 login   404   404   404   403   403   403
admin:reflections_round_change object_id=hill_round            login   404   404   404   404   200   200
admin:reflections_round_history object_id=hill_round           login   404   404   404   404   200   200
admin:reflections_round_delete object_id=hill_round            login   404   404   404   403   403   403
admin:reflections_round_coming                                 login   404   404   404   200   200   200
admin:reflections_survey_changelist                            login   404   404   404   200   200   200
admin:reflections_survey_export                                login   404   404   404   200   200   200
admin:reflections_survey_add                                   login   404   404   404   200   200   200
admin:reflections_survey_change object_id=survey               login   404   404   404   200   404   200
admin:reflections_survey_history object_id=survey              login   404   404   404   200   404   200
admin:reflections_survey_delete object_id=survey               login   404   404   404   403   403   403
admin:reflections_survey_preview pk=survey                     login   404   404   404   200   404   200
admin:reflections_survey_translate pk=survey language=de       login   404   404   404   200   404   200
admin:reflections_survey_translate pk=hill_survey language=de  login   404   404   404   404   200   200
admin:reflections_survey_results pk=survey                     login   404   404   404   200   404   200
admin:reflections_survey_file pk=survey period_pk=told         login   404   404   404   405   405   405
admin:reflections_survey_beside program_pk=program             login   404   404   404   200   404   200
admin:reflections_survey_change object_id=hill_survey          login   404   404   404   404   200   200
admin:reflections_survey_history object_id=hill_survey         login   404   404   404   404   200   200
admin:reflections_survey_delete object_id=hill_survey          login   404   404   404   403   403   403
admin:reflections_survey_preview pk=hill_survey                login   404   404   404   404   200   200
admin:reflections_survey_results pk=hill_survey                login   404   404   404   404   200   200
admin:reflections_survey_file pk=hill_survey period_pk=hill_told login   404   404   404   405   405   405
admin:reflections_survey_beside program_pk=hill_program        login   404   404   404   404   200   200
admin:reflections_nudgewords_changelist                        login   404   404   404   200   200   200
admin:reflections_nudgewords_export                            login   404   404   404   200   200   200
admin:reflections_nudgewords_add                               login   404   404   404   200   200   200
admin:reflections_nudgewords_change object_id=nudge_words      login   404   404   404   200   404   200
admin:reflections_nudgewords_history object_id=nudge_words     login   404   404   404   200   404   200
admin:reflections_nudgewords_delete object_id=nudge_words      login   404   404   404   200   404   200
admin:reflections_nudgewords_preview pk=nudge_words            login   404   404   404   200   404   200
admin:reflections_nudgewords_html pk=nudge_words               login   404   404   404   404   404   404
admin:reflections_nudgewords_test pk=nudge_words               login   404   404   404   405   405   405
admin:reflections_nudgewords_change object_id=hill_nudge_words login   404   404   404   404   200   200
admin:reflections_nudgewords_history object_id=hill_nudge_words login   404   404   404   404   200   200
admin:reflections_nudgewords_delete object_id=hill_nudge_words login   404   404   404   404   200   200
admin:reflections_nudgewords_preview pk=hill_nudge_words       login   404   404   404   404   200   200
admin:reflections_nudgewords_html pk=hill_nudge_words          login   404   404   404   404   404   404
admin:reflections_nudgewords_test pk=hill_nudge_words          login   404   404   404   405   405   405
admin:mail_message_changelist                                  login   404   404   404   200   200   200
admin:mail_message_export                                      login   404   404   404   200   200   200
admin:mail_message_add                                         login   404   404   404   403   403   403
admin:mail_message_change object_id=message                    login   404   404   404   200   404   200
admin:mail_message_history object_id=message                   login   404   404   404   200   404   200
admin:mail_message_delete object_id=message                    login   404   404   404   403   403   403
admin:mail_message_change object_id=hill_message               login   404   404   404   404   200   200
admin:mail_message_history object_id=hill_message              login   404   404   404   404   200   200
admin:mail_message_delete object_id=hill_message               login   404   404   404   403   403   403
/admin/nowhere/                                                  302   404   404   404   404   404   404
/admin/mentoring/pairing/1/                                    login   404   404   404   302   302   302
admin:saved_views login   404   404   404   200   200   200
admin:saved_views_save login   404   404   404   405   405   405
admin:saved_view pk=saved_view login   404   404   404   302   404   404
admin:saved_view pk=hill_saved_view login   404   404   404   404   302   404
admin:saved_view_rename pk=saved_view login   404   404   404   405   405   405
admin:saved_view_delete pk=saved_view login   404   404   404   405   405   405
admin:mentoring_enrollment_notes pk=place login   404   404   404   200   404   200
admin:mentoring_enrollment_note_back pk=place note_pk=place_note login   404   404   404   405   405   405
admin:mentoring_pairing_notes pk=pairing login   404   404   404   200   404   200
admin:mentoring_pairing_note_back pk=pairing note_pk=pair_note login   404   404   404   405   405   405
admin:mentoring_pairing_accept_for pk=pairing side=mentee login   404   404   404   200   404   200
admin:mentoring_pairing_log_meeting pk=pairing login   404   404   404   200   404   200
admin:mentoring_enrollment_notes pk=hill_place login   404   404   404   404   200   200
admin:mentoring_enrollment_note_back pk=hill_place note_pk=hill_place_note login   404   404   404   405   405   405
admin:mentoring_pairing_notes pk=hill_pairing login   404   404   404   404   200   200
admin:mentoring_pairing_note_back pk=hill_pairing note_pk=hill_pair_note login   404   404   404   405   405   405
admin:mentoring_pairing_accept_for pk=hill_pairing side=mentee login   404   404   404   404   200   200
admin:mentoring_pairing_log_meeting pk=hill_pairing login   404   404   404   404   200   200
admin:mentoring_pairing_accept_for pk=asked side=nobody login   404   404   404   404   404   404
"""

ADMIN_POSTS = """
#                                                               none outs.menteementor admin  hill super
admin:reports                                                  login   404   404   404   405   405   405
admin:reports_take                                             login   404   404   404   200   200   200
admin:login                                                    login   404   404   404   302   302   302
admin:logout                                                     302   404   404   404   302   302   302
admin:audit_log                                                login   404   404   404   404   404   405
admin:mentoring_program_changelist                             login   404   404   404   200   200   200
admin:mentoring_program_export                                 login   404   404   404   200   200   200
admin:mentoring_program_add                                    login   404   404   404   200   200   200
admin:mentoring_program_change object_id=program               login   404   404   404   200   404   200
admin:mentoring_program_delete object_id=program               login   404   404   404   403   403   200
admin:mentoring_program_change object_id=hill_program          login   404   404   404   404   200   200
admin:mentoring_program_delete object_id=hill_program          login   404   404   404   403   403   200
admin:mentoring_program_criteria pk=program                    login   404   404   404   200   404   200
admin:mentoring_program_criteria pk=hill_program               login   404   404   404   404   200   200
admin:mentoring_programadmin_changelist                        login   404   404   404   200   200   200
admin:mentoring_programadmin_export                            login   404   404   404   200   200   200
admin:mentoring_programadmin_add                               login   404   404   404   200   200   200
admin:mentoring_programadmin_change object_id=right            login   404   404   404   403   403   403
admin:mentoring_programadmin_delete object_id=right            login   404   404   404   403   404   200
admin:mentoring_programadmin_change object_id=hill_right       login   404   404   404   403   403   403
admin:mentoring_programadmin_delete object_id=hill_right       login   404   404   404   404   403   200
admin:accounts_user_changelist                                 login   404   404   404   200   200   200
admin:accounts_user_export                                     login   404   404   404   200   200   200
admin:accounts_user_add                                        login   404   404   404   403   403   200
admin:accounts_user_change object_id=person                    login   404   404   404   403   403   302
admin:accounts_user_delete object_id=person                    login   404   404   404   403   403   403
admin:accounts_user_change object_id=hill_person               login   404   404   404   403   403   302
admin:accounts_user_delete object_id=hill_person               login   404   404   404   403   403   403
admin:mentoring_enrollment_changelist                          login   404   404   404   200   200   200
admin:mentoring_enrollment_export                              login   404   404   404   200   200   200
admin:mentoring_enrollment_add                                 login   404   404   404   200   200   200
admin:mentoring_enrollment_change object_id=place              login   404   404   404   200   404   200
admin:mentoring_enrollment_delete object_id=place              login   404   404   404   403   404   403
admin:mentoring_enrollment_change object_id=hill_place         login   404   404   404   404   200   200
admin:mentoring_enrollment_delete object_id=hill_place         login   404   404   404   404   403   403
admin:mentoring_announcement_changelist                        login   404   404   404   200   200   200
admin:mentoring_announcement_export                            login   404   404   404   200   200   200
admin:mentoring_announcement_add                               login   404   404   404   200   200   200
admin:mentoring_announcement_change object_id=announcement     login   404   404   404   200   404   200
admin:mentoring_announcement_delete object_id=announcement     login   404   404   404   200   404   200
admin:mentoring_announcement_preview pk=announcement           login   404   404   404   405   405   405
admin:mentoring_announcement_preview_html pk=announcement      login   404   404   404   405   405   405
admin:mentoring_announcement_people pk=announcement            login   404   404   404   405   405   405
admin:mentoring_announcement_send pk=announcement              login   404   404   404   200   404   200
admin:mentoring_announcement_test pk=announcement              login   404   404   404   302   404   302
admin:mentoring_announcement_copy pk=announcement              login   404   404   404   302   404   302
admin:mentoring_announcement_change object_id=hill_announcement login   404   404   404   404   200   200
admin:mentoring_announcement_delete object_id=hill_announcement login   404   404   404   404   200   200
admin:mentoring_announcement_preview pk=hill_announcement      login   404   404   404   405   405   405
admin:mentoring_announcement_preview_html pk=hill_announcement login   404   404   404   405   405   405
admin:mentoring_announcement_people pk=hill_announcement       login   404   404   404   405   405   405
admin:mentoring_announcement_send pk=hill_announcement         login   404   404   404   404   200   200
admin:mentoring_announcement_test pk=hill_announcement         login   404   404   404   404   302   302
admin:mentoring_announcement_copy pk=hill_announcement         login   404   404   404   404   302   302
admin:mentoring_announcement_change object_id=announced        login   404   404   404   403   404   403
admin:mentoring_announcement_delete object_id=announced        login   404   404   404   403   404   403
admin:mentoring_announcement_send pk=announced                 login   404   404   404   302   404   302
admin:mentoring_announcement_change object_id=hill_announced   login   404   404   404   404   403   403
admin:mentoring_announcement_delete object_id=hill_announced   login   404   404   404   404   403   403
admin:mentoring_announcement_send pk=hill_announced            login   404   404   404   404   302   302
admin:mentoring_resource_changelist                             login   404   404   404   200   200   200
admin:mentoring_resource_export                                 login   404   404   404   200   200   200
admin:mentoring_resource_add                                    login   404   404   404   200   200   200
admin:mentoring_resource_change object_id=resource              login   404   404   404   200   404   200
admin:mentoring_resource_delete object_id=resource              login   404   404   404   200   404   200
admin:mentoring_resource_change object_id=hill_resource         login   404   404   404   404   200   200
admin:mentoring_resource_delete object_id=hill_resource         login   404   404   404   404   200   200
admin:mentoring_skill_changelist                               login   404   404   404   200   200   200
admin:mentoring_skill_export                                   login   404   404   404   200   200   200
admin:mentoring_skill_add                                      login   404   404   404   200   200   200
admin:mentoring_skill_change object_id=skill                   login   404   404   404   200   404   200
admin:mentoring_skill_delete object_id=skill                   login   404   404   404   200   404   200
admin:mentoring_skill_change object_id=hill_skill              login   404   404   404   404   200   200
admin:mentoring_skill_delete object_id=hill_skill              login   404   404   404   404   200   200
admin:mentoring_enrollmentquestion_changelist                  login   404   404   404   200   200   200
admin:mentoring_enrollmentquestion_export                      login   404   404   404   200   200   200
admin:mentoring_enrollmentquestion_add                         login   404   404   404   200   200   200
admin:mentoring_enrollmentquestion_change object_id=question   login   404   404   404   200   404   200
admin:mentoring_enrollmentquestion_delete object_id=question   login   404   404   404   200   404   200
admin:mentoring_enrollmentquestion_change object_id=hill_question login   404   404   404   404   200   200
admin:mentoring_enrollmentquestion_delete object_id=hill_question login   404   404   404   404   200   200
admin:mentoring_conversationstarter_changelist                 login   404   404   404   200   200   200
admin:mentoring_conversationstarter_export                     login   404   404   404   200   200   200
admin:mentoring_conversationstarter_add                        login   404   404   404   200   200   200
admin:mentoring_conversationstarter_change object_id=starter   login   404   404   404   200   404   200
admin:mentoring_conversationstarter_delete object_id=starter   login   404   404   404   200   404   200
admin:mentoring_conversationstarter_change object_id=hill_starter login   404   404   404   404   200   200
admin:mentoring_conversationstarter_delete object_id=hill_starter login   404   404   404   404   200   200
admin:mentoring_invitation_changelist                          login   404   404   404   200   200   200
admin:mentoring_invitation_export                              login   404   404   404   200   200   200
admin:mentoring_invitation_add                                 login   404   404   404   200   200   200
admin:mentoring_invitation_change object_id=invited            login   404   404   404   403   403   403
admin:mentoring_invitation_delete object_id=invited            login   404   404   404   403   403   403
admin:mentoring_invitation_change object_id=link               login   404   404   404   403   403   403
admin:mentoring_invitation_change object_id=hill_link          login   404   404   404   403   403   403
admin:mentoring_invitation_delete object_id=hill_link          login   404   404   404   403   403   403
admin:mentoring_import_changelist                              login   404   404   404   200   200   200
admin:mentoring_import_export                                  login   404   404   404   200   200   200
admin:mentoring_import_add                                     login   404   404   404   200   200   200
admin:mentoring_import_change object_id=import                 login   404   404   404   405   404   405
admin:mentoring_import_delete object_id=import                 login   404   404   404   403   403   403
admin:mentoring_import_columns pk=import_sent                  login   404   404   404   200   404   200
admin:mentoring_import_read_again pk=import                    login   404   404   404   302   404   302
admin:mentoring_import_confirm pk=import                       login   404   404   404   302   404   302
admin:mentoring_import_leave pk=import                         login   404   404   404   302   404   302
admin:mentoring_import_mend pk=import                          login   404   404   404   200   404   200
admin:mentoring_import_progress pk=import                      login   404   404   404   405   405   405
admin:mentoring_import_not_possible pk=import format=csv       login   404   404   404   405   405   405
admin:mentoring_import_template program=program kind=people format=csv login   404   404   404   405   405   405
admin:mentoring_import_change object_id=hill_import            login   404   404   404   404   405   405
admin:mentoring_import_delete object_id=hill_import            login   404   404   404   403   403   403
admin:mentoring_import_columns pk=hill_import                  login   404   404   404   404   200   200
admin:mentoring_import_read_again pk=hill_import               login   404   404   404   404   302   302
admin:mentoring_import_confirm pk=hill_import                  login   404   404   404   404   302   302
admin:mentoring_import_leave pk=hill_import                    login   404   404   404   404   302   302
admin:mentoring_import_mend pk=hill_import                     login   404   404   404   404   200   200
admin:reflections_notereport_changelist                        login   404   404   404   200   200   200
admin:reflections_notereport_export                            login   404   404   404   200   200   200
admin:reflections_notereport_add                               login   404   404   404   403   403   403
admin:reflections_notereport_change object_id=note_report      login   404   404   404   403   403   403
admin:reflections_notereport_delete object_id=note_report      login   404   404   404   403   403   403
admin:reflections_notereport_change object_id=hill_note_report login   404   404   404   403   403   403
admin:reflections_notereport_delete object_id=hill_note_report login   404   404   404   403   403   403
admin:reflections_outsidestop_changelist                       login   404   404   404   200   200   200
admin:reflections_outsidestop_export                           login   404   404   404   200   200   200
admin:reflections_outsidestop_add                              login   404   404   404   200   200   200
admin:reflections_outsidestop_change object_id=outside_stop    login   404   404   404   403   403   403
admin:reflections_outsidestop_delete object_id=outside_stop    login   404   404   404   200   404   200
admin:reflections_outsidestop_change object_id=hill_outside_stop login   404   404   404   403   403   403
admin:reflections_outsidestop_delete object_id=hill_outside_stop login   404   404   404   404   200   200
admin:mentoring_fitcheck_changelist                            login   404   404   404   200   200   200
admin:mentoring_fitcheck_export                                login   404   404   404   200   200   200
admin:mentoring_fitcheck_add                                   login   404   404   404   403   403   403
admin:mentoring_fitcheck_change object_id=fit_check            login   404   404   404   403   403   403
admin:mentoring_fitcheck_delete object_id=fit_check            login   404   404   404   403   403   403
admin:mentoring_fitcheck_change object_id=hill_fit_check       login   404   404   404   403   403   403
admin:mentoring_fitcheck_delete object_id=hill_fit_check       login   404   404   404   403   403   403
admin:mentoring_ruledout_changelist                            login   404   404   404   200   200   200
admin:mentoring_ruledout_export                                login   404   404   404   200   200   200
admin:mentoring_ruledout_add                                   login   404   404   404   200   200   200
admin:mentoring_ruledout_change object_id=apart                login   404   404   404   403   403   403
admin:mentoring_ruledout_delete object_id=apart                login   404   404   404   200   404   200
admin:mentoring_ruledout_change object_id=hill_apart           login   404   404   404   403   403   403
admin:mentoring_ruledout_delete object_id=hill_apart           login   404   404   404   404   403   403
admin:mentoring_matchingrun_changelist                         login   404   404   404   200   200   200
admin:mentoring_matchingrun_export                             login   404   404   404   200   200   200
admin:mentoring_matchingrun_add                                login   404   404   404   200   200   200
admin:mentoring_matchingrun_change object_id=run               login   404   404   404   405   404   405
admin:mentoring_matchingrun_delete object_id=run               login   404   404   404   403   403   403
admin:mentoring_matchingrun_progress pk=run                    login   404   404   404   405   405   405
admin:mentoring_matchingrun_compare pk=run                     login   404   404   404   405   405   405
admin:mentoring_matchingrun_choose pk=run mentee=person        login   404   404   404   405   405   405
admin:mentoring_matchingrun_lock pk=run                        login   404   404   404   404   404   404
admin:mentoring_matchingrun_allow_again pk=run                 login   404   404   404   404   404   404
admin:mentoring_matchingrun_move pk=run                        login   404   404   404   302   404   302
admin:mentoring_matchingrun_rule_out pk=run                    login   404   404   404   404   404   404
admin:mentoring_matchingrun_again pk=run                       login   404   404   404   302   404   302
admin:mentoring_matchingrun_leave pk=run                       login   404   404   404   302   404   302
admin:mentoring_matchingrun_change object_id=hill_run          login   404   404   404   404   405   405
admin:mentoring_matchingrun_delete object_id=hill_run          login   404   404   404   403   403   403
admin:mentoring_matchingrun_progress pk=hill_run               login   404   404   404   405   405   405
admin:mentoring_matchingrun_compare pk=hill_run                login   404   404   404   405   405   405
admin:mentoring_matchingrun_choose pk=hill_run mentee=hill_person login   404   404   404   405   405   405
admin:mentoring_matchingrun_lock pk=hill_run                   login   404   404   404   404   404   404
admin:mentoring_matchingrun_allow_again pk=hill_run            login   404   404   404   404   404   404
admin:mentoring_matchingrun_move pk=hill_run                   login   404   404   404   404   302   302
admin:mentoring_matchingrun_rule_out pk=hill_run               login   404   404   404   404   404   404
admin:mentoring_matchingrun_again pk=hill_run                  login   404   404   404   404   302   302
admin:mentoring_matchingrun_leave pk=hill_run                  login   404   404   404   404   302   302
admin:mentoring_pairing_changelist                             login   404   404   404   200   200   200
admin:mentoring_pairing_export                                 login   404   404   404   200   200   200
admin:mentoring_pairing_add                                    login   404   404   404   200   200   200
# A pairing that has a last day keeps one.
admin:mentoring_pairing_change object_id=pairing               login   404   404   404   200   404   200
admin:mentoring_pairing_delete object_id=pairing               login   404   404   404   403   404   403
admin:mentoring_pairing_change object_id=hill_pairing          login   404   404   404   404   200   200
admin:mentoring_pairing_delete object_id=hill_pairing          login   404   404   404   404   403   403
admin:mentoring_pairing_next_steps                            login   404   404   404   405   405   405
admin:mentoring_pairing_next_steps_seen_to step_pk=step       login   404   404   404   302   404   302
admin:mentoring_pairing_next_steps_seen_to step_pk=hill_step  login   404   404   404   404   302   302
admin:mentoring_pairingrequest_changelist                      login   404   404   404   200   200   200
admin:mentoring_pairingrequest_export                          login   404   404   404   200   200   200
admin:mentoring_pairingrequest_add                             login   404   404   404   403   403   403
admin:mentoring_pairingrequest_change object_id=request        login   404   404   404   403   403   403
admin:mentoring_pairingrequest_delete object_id=request        login   404   404   404   403   403   403
admin:mentoring_pairingrequest_change object_id=hill_request   login   404   404   404   403   403   403
admin:mentoring_pairingrequest_delete object_id=hill_request   login   404   404   404   403   403   403
admin:mentoring_meeting_changelist                             login   404   404   404   200   200   200
admin:mentoring_meeting_export                                 login   404   404   404   200   200   200
admin:mentoring_meeting_add                                    login   404   404   404   403   403   403
admin:mentoring_meeting_change object_id=meeting               login   404   404   404   403   403   403
admin:mentoring_meeting_delete object_id=meeting               login   404   404   404   403   403   403
admin:mentoring_meeting_change object_id=hill_meeting          login   404   404   404   403   403   403
admin:mentoring_meeting_delete object_id=hill_meeting          login   404   404   404   403   403   403
admin:mentoring_matchingrun_publish pk=run                     login   404   404   404   200   404   200
admin:mentoring_matchingrun_publications pk=run                login   404   404   404   405   405   405
admin:mentoring_matchingrun_publish pk=hill_run                login   404   404   404   404   200   200
admin:mentoring_matchingrun_publications pk=hill_run           login   404   404   404   405   405   405
admin:reflections_questionnaire_changelist                     login   404   404   404   200   200   200
admin:reflections_questionnaire_export                         login   404   404   404   200   200   200
admin:reflections_questionnaire_add                            login   404   404   404   200   200   200
admin:reflections_questionnaire_begin                          login   404   404   404   404   404   404
admin:reflections_questionnaire_change object_id=questions     login   404   404   404   200   404   200
admin:reflections_questionnaire_delete object_id=questions     login   404   404   404   200   404   200
admin:reflections_questionnaire_change object_id=hill_questions login   404   404   404   404   200   200
admin:reflections_questionnaire_delete object_id=hill_questions login   404   404   404   404   200   200
admin:reflections_questionnaire_change object_id=default       login   404   404   404   404   404   200
admin:reflections_questionnaire_delete object_id=default       login   404   404   404   404   404   403
admin:reflections_questionnaire_preview pk=questions role=both   login   404   404   404   405   404   405
admin:reflections_questionnaire_preview_question pk=questions role=both code=no-such login 404 404 404 404 404 404
admin:reflections_questionnaire_move pk=questions role=both    login   404   404   404   404   404   404
admin:reflections_questionnaire_translate pk=questions language=de login   404   404   404   302   404   302
admin:reflections_questionnaire_preview pk=hill_questions role=both   login   404   404   404   404   405   405
admin:reflections_questionnaire_preview_question pk=hill_questions role=both code=no-such login 404 404 404 404 404 404
admin:reflections_questionnaire_move pk=hill_questions role=both   login   404   404   404   404   404   404
admin:reflections_questionnaire_translate pk=hill_questions language=de login   404   404   404   404   302   302
admin:reflections_questionnaire_preview pk=default role=both   login   404   404   404   404   404   405
admin:reflections_questionnaire_preview_question pk=default role=both code=no-such login 404 404 404 404 404 404
admin:reflections_questionnaire_move pk=default role=both      login   404   404   404   404   404   404
admin:reflections_questionnaire_translate pk=default language=de login   404   404   404   404   404   302
admin:reflections_round_changelist                             login   404   404   404   200   200   200
admin:reflections_round_export                                 login   404   404   404   200   200   200
admin:reflections_round_add                                    login   404   404   404   403   403   403
admin:reflections_round_change object_id=round                 login   404   404   404   403   403   403
admin:reflections_round_delete object_id=round                 login   404   404   404   403   403   403
admin:reflections_round_change object_id=hill_round            login   404   404   404   403   403   403
admin:reflections_round_delete object_id=hill_round            login   404   404   404   403   403   403
admin:reflections_round_coming                                 login   404   404   404   405   405   405
admin:reflections_survey_changelist                            login   404   404   404   200   200   200
admin:reflections_survey_export                                login   404   404   404   200   200   200
admin:reflections_survey_add                                   login   404   404   404   200   200   200
admin:reflections_survey_change object_id=survey               login   404   404   404   200   404   200
admin:reflections_survey_delete object_id=survey               login   404   404   404   403   403   403
admin:reflections_survey_preview pk=survey                     login   404   404   404   405   405   405
admin:reflections_survey_translate pk=survey language=de       login   404   404   404   302   404   302
admin:reflections_survey_translate pk=hill_survey language=de  login   404   404   404   404   302   302
admin:reflections_survey_results pk=survey                     login   404   404   404   405   405   405
admin:reflections_survey_file pk=survey period_pk=told         login   404   404   404   404   404   404
admin:reflections_survey_beside program_pk=program             login   404   404   404   405   405   405
admin:reflections_survey_change object_id=hill_survey          login   404   404   404   404   200   200
admin:reflections_survey_delete object_id=hill_survey          login   404   404   404   403   403   403
admin:reflections_survey_preview pk=hill_survey                login   404   404   404   405   405   405
admin:reflections_survey_results pk=hill_survey                login   404   404   404   405   405   405
admin:reflections_survey_file pk=hill_survey period_pk=hill_told login   404   404   404   404   404   404
admin:reflections_survey_beside program_pk=hill_program        login   404   404   404   405   405   405
admin:reflections_nudgewords_changelist                        login   404   404   404   200   200   200
admin:reflections_nudgewords_export                            login   404   404   404   200   200   200
admin:reflections_nudgewords_add                               login   404   404   404   200   200   200
admin:reflections_nudgewords_change object_id=nudge_words      login   404   404   404   200   404   200
admin:reflections_nudgewords_delete object_id=nudge_words      login   404   404   404   200   404   200
admin:reflections_nudgewords_preview pk=nudge_words            login   404   404   404   405   405   405
admin:reflections_nudgewords_html pk=nudge_words               login   404   404   404   405   405   405
admin:reflections_nudgewords_test pk=nudge_words               login   404   404   404   404   404   404
admin:reflections_nudgewords_change object_id=hill_nudge_words login   404   404   404   404   200   200
admin:reflections_nudgewords_delete object_id=hill_nudge_words login   404   404   404   404   200   200
admin:reflections_nudgewords_preview pk=hill_nudge_words       login   404   404   404   405   405   405
admin:reflections_nudgewords_html pk=hill_nudge_words          login   404   404   404   405   405   405
admin:reflections_nudgewords_test pk=hill_nudge_words          login   404   404   404   404   404   404
admin:mail_message_changelist                                  login   404   404   404   200   200   200
admin:mail_message_export                                      login   404   404   404   200   200   200
admin:mail_message_add                                         login   404   404   404   403   403   403
admin:mail_message_change object_id=message                    login   404   404   404   403   403   403
admin:mail_message_delete object_id=message                    login   404   404   404   403   403   403
admin:mail_message_change object_id=hill_message               login   404   404   404   403   403   403
admin:mail_message_delete object_id=hill_message               login   404   404   404   403   403   403
admin:saved_views login   404   404   404   405   405   405
admin:saved_views_save login   404   404   404   404   404   404
admin:saved_view pk=saved_view login   404   404   404   405   405   405
admin:saved_view_rename pk=saved_view login   404   404   404   200   404   404
admin:saved_view_delete pk=saved_view login   404   404   404   302   404   404
admin:saved_view_rename pk=hill_saved_view login   404   404   404   404   200   404
admin:saved_view_delete pk=hill_saved_view login   404   404   404   404   302   404
admin:mentoring_enrollment_notes pk=place login   404   404   404   200   404   200
admin:mentoring_enrollment_note_back pk=place note_pk=place_note login   404   404   404   302   404   302
admin:mentoring_pairing_notes pk=pairing login   404   404   404   200   404   200
admin:mentoring_pairing_note_back pk=pairing note_pk=pair_note login   404   404   404   302   404   302
admin:mentoring_pairing_accept_for pk=pairing side=mentee login   404   404   404   200   404   200
admin:mentoring_pairing_log_meeting pk=pairing login   404   404   404   200   404   200
admin:mentoring_enrollment_notes pk=hill_place login   404   404   404   404   200   200
admin:mentoring_enrollment_note_back pk=hill_place note_pk=hill_place_note login   404   404   404   404   302   302
admin:mentoring_pairing_notes pk=hill_pairing login   404   404   404   404   200   200
admin:mentoring_pairing_note_back pk=hill_pairing note_pk=hill_pair_note login   404   404   404   404   302   302
admin:mentoring_pairing_accept_for pk=hill_pairing side=mentee login   404   404   404   404   200   200
admin:mentoring_pairing_log_meeting pk=hill_pairing login   404   404   404   404   200   200
admin:mentoring_pairing_accept_for pk=asked side=nobody login   404   404   404   404   404   404
"""
