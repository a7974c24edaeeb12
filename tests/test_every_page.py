"""Every door of the house, and what each of the cast finds behind it.

An address that no line names fails the test, so whoever adds one says here who may come in. Another pair's things and
other programs' things are `hill_...`. People see their own; program admins see their program's rows in the admin and
nothing elsewhere; a superuser has no special way outside the admin.
"""

from collections.abc import Mapping
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from mentoring.models import Pairing, Program

from .admin_doors import ADMIN_GETS, ADMIN_POSTS
from .conftest import NOW, signed_in
from .doors import CAST, addresses, differences, doors
from .world import things_of_strangers, things_of_the_pair

# `login` is the way to the sign-in page. The columns: signed out, outsider, mentee, mentor, program admin, admin of
# another program, superuser.

GETS = """
#                                                               none outs.menteementor admin  hill super
home                                                             200   200   200   200   200   200   200
moments:list                                                   login   200   200   200   200   200   200
manifest                                                         200   200   200   200   200   200   200
moments:new                                                    login   200   200   200   200   200   200
moments:share                                                    405   405   405   405   405   405   405
moments:keep                                                   login   405   405   405   405   405   405
moments:shared                                                         login   302   302   302   302   302   302
surveys:answer pk=sheet                                        login   404   200   404   404   404   404
surveys:answer pk=hill_sheet                                   login   404   404   404   404   404   404
surveys:not_now pk=sheet                                       login   405   405   405   405   405   405
surveys:not_now pk=hill_sheet                                  login   405   405   405   405   405   405
wall                                                                   login   200   200   200   200   200   200
named:list                                                             login   200   200   200   200   200   200
named:detail pk=naming                                                 login   404   404   200   404   404   404
named:agree pk=naming                                                  login   405   405   405   405   405   405
named:decline pk=naming                                                login   405   405   405   405   405   405
named:ask pk=naming                                                    login   405   405   405   405   405   405
named:somebody_else pk=naming                                          login   405   405   405   405   405   405
named:meant pk=naming                                                  login   405   405   405   405   405   405
named:thing what=moments thing=shown                                   login   404   200   404   404   404   404
named:thing what=moments thing=hill_moment                             login   404   404   404   404   404   404
quoting what=moments thing=moment                                      login   404   200   404   404   404   404
quoting what=answers thing=answer                                      login   404   200   404   404   404   404
quoting what=moments thing=hill_moment                                 login   404   404   404   404   404   404
quoting what=nonsense thing=moment                                     login   404   404   404   404   404   404
break_glass:list                                                       login   404   404   404   404   404   404
break_glass:whose                                                      login   404   404   404   404   404   404
break_glass:ask person_pk=person                                    login   404   404   404   404   404   404
break_glass:detail pk=naming                                           login   404   404   404   404   404   404
break_glass:allow pk=naming                                            login   404   404   404   404   404   404
break_glass:refuse pk=naming                                           login   404   404   404   404   404   404
break_glass:close pk=naming                                            login   404   404   404   404   404   404
break_glass:read pk=naming                                             login   404   404   404   404   404   404
moments:days                                                   login   200   200   200   200   200   200
moments:days_of day=2026-05-01                                  login   200   200   200   200   200   200
moments:days_of day=unknown                                    login   404   404   404   404   404   404
moments:search                                                 login   200   200   200   200   200   200
moments:mail                                                   login   404   404   404   404   404   404
moments:mail_renew                                             login   404   404   404   404   404   404
moments:mail_stop                                              login   404   404   404   404   404   404
incoming:list                                                   login   200   200   200   200   200   200
incoming:cancel                                                 login   405   405   405   405   405   405
incoming:accept pk=incoming                                     login   405   405   405   405   405   405
incoming:refuse pk=incoming                                     login   405   405   405   405   405   405
incoming:put_back pk=incoming                                   login   405   405   405   405   405   405
incoming:accept pk=hill_incoming                                login   405   405   405   405   405   405
incoming:refuse pk=hill_incoming                                login   405   405   405   405   405   405
incoming:put_back pk=hill_incoming                              login   405   405   405   405   405   405
moments:undo pk=moment                                         login   405   405   405   405   405   405
moments:edit pk=moment                                         login   404   200   404   404   404   404
moments:delete pk=moment                                       login   404   200   404   404   404   404
moments:edit pk=shown                                          login   404   200   404   404   404   404
moments:delete pk=shown                                        login   404   200   404   404   404   404
moments:edit pk=hill_moment                                    login   404   404   404   404   404   404
moments:delete pk=hill_moment                                  login   404   404   404   404   404   404
thanks:index                                                   login   200   200   200   200   200   200
thanks:received                                                login   200   200   200   200   200   200
thanks:mentor_add                                              login   200   200   200   200   200   200
thanks:begin                                                   login   405   405   405   405   405   405
thanks:note pk=thanks_note                                     login   404   200   404   404   404   404
thanks:whom pk=thanks_note                                     login   404   200   404   404   404   404
thanks:mail pk=thanks_note                                     login   404   200   404   404   404   404
thanks:delete pk=thanks_note                                   login   404   200   404   404   404   404
thanks:print pk=thanks_note                                    login   404   200   404   404   404   404
thanks:copy pk=thanks_note                                     login   404   200   404   404   404   404
thanks:save pk=thanks_note                                     login   405   405   405   405   405   405
thanks:given pk=thanks_note                                    login   405   405   405   405   405   405
thanks:take_back pk=thanks_note                                login   405   405   405   405   405   405
thanks:note pk=hill_thanks_note                                login   404   404   404   404   404   404
thanks:whom pk=hill_thanks_note                                login   404   404   404   404   404   404
thanks:mail pk=hill_thanks_note                                login   404   404   404   404   404   404
thanks:delete pk=hill_thanks_note                              login   404   404   404   404   404   404
thanks:print pk=hill_thanks_note                               login   404   404   404   404   404   404
thanks:copy pk=hill_thanks_note                                login   404   404   404   404   404   404
thanks:save pk=hill_thanks_note                                login   405   405   405   405   405   405
thanks:given pk=hill_thanks_note                               login   405   405   405   405   405   405
thanks:take_back pk=hill_thanks_note                           login   405   405   405   405   405   405
thanks:mentor pk=own_mentor                                    login   404   200   404   404   404   404
thanks:mentor_remove pk=own_mentor                             login   405   405   405   405   405   405
thanks:mentor pk=hill_own_mentor                               login   404   404   404   404   404   404
thanks:mentor_remove pk=hill_own_mentor                        login   405   405   405   405   405   405
thanks:note pk=given                                           login   404   200   404   404   404   404
thanks:mail pk=given                                           login   404   302   404   404   404   404
thanks:received_note pk=given                                  login   404   404   200   404   404   404
thanks:report pk=given                                         login   404   404   200   404   404   404
thanks:read pk=given                                           login   405   405   405   405   405   405
thanks:reply pk=given                                          login   405   405   405   405   405   405
thanks:mute pk=given                                           login   405   405   405   405   405   405
thanks:note pk=hill_given                                      login   404   404   404   404   404   404
thanks:mail pk=hill_given                                      login   404   404   404   404   404   404
thanks:received_note pk=hill_given                             login   404   404   404   404   404   404
thanks:report pk=hill_given                                    login   404   404   404   404   404   404
thanks:read pk=hill_given                                      login   405   405   405   405   405   405
thanks:reply pk=hill_given                                     login   405   405   405   405   405   405
thanks:mute pk=hill_given                                      login   405   405   405   405   405   405
thanks:never token=never_token                                   200   200   200   200   200   200   200
thanks:never token=unknown                                       404   404   404   404   404   404   404
story:index                                                    login   200   200   200   200   200   200
story:other_years                                              login   200   200   200   200   200   200
story:year                                                     login   200   200   200   200   200   200
story:year_until year=2026 month=1                             login   200   200   200   200   200   200
story:year_until year=2026 month=2                             login   404   404   404   404   404   404
story:year_until year=2026 month=13                            login   404   404   404   404   404   404
story:year_until year=0 month=1                                login   404   404   404   404   404   404
story:year_until year=10000 month=1                            login   404   404   404   404   404   404
story:values                                                   login   200   200   200   200   200   200
story:value pk=value                                           login   404   200   404   404   404   404
story:value pk=hill_value                                      login   404   404   404   404   404   404
story:merge pk=value                                           login   404   200   404   404   404   404
story:merge pk=hill_value                                      login   404   404   404   404   404   404
story:let_go pk=value                                          login   404   200   404   404   404   404
story:let_go pk=hill_value                                     login   404   404   404   404   404   404
story:moment_values pk=shown                                   login   404   200   404   404   404   404
story:moment_values pk=hill_moment                             login   404   404   404   404   404   404
story:answer_values pk=answered                                login   404   200   404   404   404   404
story:answer_values pk=hill_answered                           login   404   404   404   404   404   404
story:hide pk=cares                                            login   405   405   405   405   405   405
story:on_profile pk=value                                      login   405   405   405   405   405   405
story:off_profile pk=value                                     login   405   405   405   405   405   405
reflections:list                                               login   200   200   200   200   200   200
reflections:open pk=round                                      login   404   200   200   404   404   404
reflections:decline pk=round                                   login   405   405   405   405   405   405
reflections:review pk=round                                    login   404   200   200   404   404   404
reflections:take_back pk=round answer_pk=answer               login   404   404   404   404   404   404
reflections:take_back pk=hill_round answer_pk=answer          login   404   404   404   404   404   404
reflections:take_back pk=past answer_pk=answer                login   404   200   404   404   404   404
reflections:shelf pk=past answer_pk=answer pairing_pk=pairing   login   405   405   405   405   405   405
reflections:tell what=answers thing=answer                    login   404   200   404   404   404   404
reflections:tell what=moments thing=moment                    login   404   200   404   404   404   404
reflections:tell what=moments thing=hill_moment               login   404   404   404   404   404   404
reflections:tell_keep what=answers thing=answer               login   405   405   405   405   405   405
reflections:tell_keep what=moments thing=hill_moment          login   405   405   405   405   405   405
reflections:swap pk=pairing round_pk=round                    login   404   200   200   404   404   404
reflections:swap pk=pairing round_pk=past                     login   404   200   200   404   404   404
reflections:swap pk=asked round_pk=round                      login   404   404   404   404   404   404
reflections:swap pk=hill_pairing round_pk=hill_round          login   404   404   404   404   404   404
reflections:swap pk=pairing round_pk=hill_round               login   404   404   404   404   404   404
reflections:swap_suggest pk=pairing round_pk=round            login   405   405   405   405   405   405
reflections:swap_suggest pk=hill_pairing round_pk=hill_round  login   405   405   405   405   405   405
reflections:swap_agree pk=pairing round_pk=round              login   405   405   405   405   405   405
reflections:swap_agree pk=hill_pairing round_pk=hill_round    login   405   405   405   405   405   405
reflections:swap_pick pk=pairing round_pk=round               login   405   405   405   405   405   405
reflections:swap_pick pk=hill_pairing round_pk=hill_round     login   405   405   405   405   405   405
reflections:swap_call_off pk=pairing round_pk=round           login   405   405   405   405   405   405
reflections:swap_call_off pk=hill_pairing round_pk=hill_round login   405   405   405   405   405   405
reflections:submit pk=round                                    login   405   405   405   405   405   405
reflections:done pk=round                                      login   404   302   302   404   404   404
reflections:shared pk=round                                    login   404   200   200   404   404   404
reflections:question pk=round code=M7                          login   404   200   200   404   404   404
reflections:save pk=round code=M7                              login   405   405   405   405   405   405
reflections:question pk=round code=E3 piece=second             login   404   200   404   404   404   404
reflections:save pk=round code=E3 piece=second                 login   405   405   405   405   405   405
reflections:question pk=round code=M7 piece=second             login   404   404   404   404   404   404
reflections:question pk=round code=M12                         login   404   200   200   404   404   404
reflections:question pk=round code=R1                          login   404   200   200   404   404   404
reflections:rough pk=round                                     login   404   200   200   404   404   404
reflections:rough pk=hill_round                                login   404   404   404   404   404   404
reflections:coffee pk=round                                    login   404   200   200   404   404   404
reflections:coffee pk=hill_round                               login   404   404   404   404   404   404
reflections:open pk=past                                       login   404   200   200   404   404   404
reflections:decline pk=past                                    login   405   405   405   405   405   405
reflections:review pk=past                                     login   404   302   200   404   404   404
reflections:submit pk=past                                     login   405   405   405   405   405   405
reflections:done pk=past                                       login   404   200   302   404   404   404
reflections:shared pk=past                                     login   404   200   200   404   404   404
reflections:question pk=past code=M7                           login   404   200   200   404   404   404
reflections:save pk=past code=M7                               login   405   405   405   405   405   405
reflections:open pk=hill_round                                 login   404   404   404   404   404   404
reflections:decline pk=hill_round                              login   405   405   405   405   405   405
reflections:review pk=hill_round                               login   404   404   404   404   404   404
reflections:submit pk=hill_round                               login   405   405   405   405   405   405
reflections:done pk=hill_round                                 login   404   404   404   404   404   404
reflections:shared pk=hill_round                               login   404   404   404   404   404   404
reflections:question pk=hill_round code=M7                     login   404   404   404   404   404   404
reflections:save pk=hill_round code=M7                         login   405   405   405   405   405   405
reflections:question pk=round code=E1                          login   404   200   404   404   404   404
reflections:question pk=round code=NONE                        login   404   404   404   404   404   404
reflections:timeline pk=pairing                            login   404   200   200   404   404   404
reflections:pair_round pk=pairing round_pk=past                login   404   200   200   404   404   404
reflections:timeline pk=asked                              login   404   404   404   404   404   404
reflections:pair_round pk=asked round_pk=past                  login   404   404   404   404   404   404
reflections:timeline pk=hill_pairing                       login   404   404   404   404   404   404
reflections:pair_round pk=hill_pairing round_pk=past           login   404   404   404   404   404   404
reflections:pair_round pk=pairing round_pk=hill_round          login   404   404   404   404   404   404
reflections:shared_thing pk=pairing what=moments thing=shown     login   404   200   200   404   404   404
reflections:shared_thing pk=pairing what=moments thing=moment    login   404   404   404   404   404   404
reflections:shared_thing pk=hill_pairing what=moments thing=hill_moment login 404 404   404   404   404   404
reflections:read pk=pairing what=moments thing=shown             login   405   405   405   405   405   405
reflections:thanks pk=pairing what=moments thing=shown           login   405   405   405   405   405   405
reflections:ask pk=pairing what=moments thing=shown              login   405   405   405   405   405   405
reflections:answer pk=pairing what=moments thing=shown           login   405   405   405   405   405   405
reflections:unsay pk=pairing what=moments thing=shown            login   405   405   405   405   405   405
pairings:concern pk=pairing                                    login   404   200   200   404   404   404
pairings:concern pk=asked                                      login   404   200   200   404   404   404
pairings:concern pk=hill_pairing                               login   404   404   404   404   404   404
concerns:list                                                  login   200   200   200   200   200   200
concerns:detail pk=concern                                     login   404   200   404   404   404   404
concerns:detail pk=hill_concern                                login   404   404   404   404   404   404
concerns:read pk=concern                                       login   405   405   405   405   405   405
concerns:answer pk=concern                                     login   405   405   405   405   405   405
concerns:see_to pk=concern                                     login   405   405   405   405   405   405
concerns:take_back pk=concern                                  login   405   405   405   405   405   405
pairings:list                                                  login   200   200   200   200   200   200
pairings:detail pk=pairing                                     login   404   200   200   404   404   404
pairings:accept pk=pairing                                     login   405   405   405   405   405   405
pairings:decline pk=pairing                                    login   405   405   405   405   405   405
pairings:take_back_yes pk=pairing                              login   405   405   405   405   405   405
pairings:meeting_add pk=pairing                                login   405   405   405   405   405   405
pairings:fit pk=pairing                                        login   404   200   404   404   404   404
pairings:fit pk=asked                                          login   404   404   404   404   404   404
pairings:fit pk=hill_pairing                                   login   404   404   404   404   404   404
pairings:silence pk=pairing                                    login   404   302   302   404   404   404
pairings:silence pk=silent                                     login   404   200   404   404   404   404
pairings:silence pk=hill_pairing                               login   404   404   404   404   404   404
pairings:silence_answer token=silence_token                      200   200   200   200   200   200   200
pairings:silence_answer token=unknown                            404   404   404   404   404   404   404
pairings:in_touch pk=ended                                     login   405   405   405   405   405   405
pairings:postcards pk=ended                                    login   404   200   404   404   404   404
pairings:postcards pk=pairing                                  login   404   404   404   404   404   404
pairings:postcards pk=hill_pairing                             login   404   404   404   404   404   404
pairings:postcards_mute pk=ended                               login   405   405   405   405   405   405
pairings:postcards_stop token=mute_token                         200   200   200   200   200   200   200
pairings:postcards_stop token=unknown                            404   404   404   404   404   404   404
pairings:answer token=answer_token                               200   200   200   200   200   200   200
pairings:answer token=unknown                                    404   404   404   404   404   404   404
pairings:detail pk=asked                                       login   404   200   200   404   404   404
pairings:accept pk=asked                                       login   405   405   405   405   405   405
pairings:decline pk=asked                                      login   405   405   405   405   405   405
pairings:take_back_yes pk=asked                              login   405   405   405   405   405   405
pairings:meeting_add pk=asked                                  login   405   405   405   405   405   405
pairings:detail pk=hill_pairing                                login   404   404   404   404   404   404
pairings:accept pk=hill_pairing                                login   405   405   405   405   405   405
pairings:decline pk=hill_pairing                               login   405   405   405   405   405   405
pairings:take_back_yes pk=hill_pairing                              login   405   405   405   405   405   405
pairings:meeting_add pk=hill_pairing                           login   405   405   405   405   405   405
pairings:meeting_cancel pk=pairing meeting_pk=meeting          login   405   405   405   405   405   405
pairings:agreement pk=pairing                                  login   404   200   200   404   404   404
pairings:agreement pk=asked                                    login   404   404   404   404   404   404
pairings:agreement pk=hill_pairing                             login   404   404   404   404   404   404
pairings:agreement_history pk=pairing                          login   404   200   200   404   404   404
pairings:agreement_history pk=hill_pairing                     login   404   404   404   404   404   404
pairings:agreement_propose pk=pairing                          login   405   405   405   405   405   405
pairings:agreement_wish pk=pairing                             login   405   405   405   405   405   405
pairings:agreement_accept pk=pairing version_pk=version        login   405   405   405   405   405   405
pairings:agreement_decline pk=pairing version_pk=version       login   405   405   405   405   405   405
pairings:agreement_withdraw pk=pairing version_pk=version      login   405   405   405   405   405   405
pairings:met token=met_token                                     200   200   200   200   200   200   200
pairings:met token=hill_met_token                                200   200   200   200   200   200   200
pairings:met token=unknown                                       404   404   404   404   404   404   404
pairings:past pk=pairing                                       login   404   200   200   404   404   404
pairings:past pk=asked                                         login   404   404   404   404   404   404
pairings:past pk=hill_pairing                                  login   404   404   404   404   404   404
pairings:agenda pk=pairing                                     login   404   200   200   404   404   404
pairings:agenda pk=asked                                       login   404   404   404   404   404   404
pairings:agenda pk=hill_pairing                                login   404   404   404   404   404   404
pairings:notes pk=pairing                                      login   404   200   200   404   404   404
pairings:notes pk=asked                                        login   404   404   404   404   404   404
pairings:notes pk=hill_pairing                                 login   404   404   404   404   404   404
pairings:note_private pk=pairing                               login   404   200   200   404   404   404
pairings:note_private pk=asked                                 login   404   404   404   404   404   404
pairings:note_private pk=hill_pairing                          login   404   404   404   404   404   404
pairings:note_shared pk=pairing                                login   404   200   200   404   404   404
pairings:note_shared pk=asked                                  login   404   404   404   404   404   404
pairings:note_shared pk=hill_pairing                           login   404   404   404   404   404   404
pairings:past_one pk=pairing meeting_pk=met                    login   404   200   200   404   404   404
pairings:past_one pk=pairing meeting_pk=hill_met               login   404   404   404   404   404   404
pairings:past_one pk=hill_pairing meeting_pk=hill_met          login   404   404   404   404   404   404
pairings:past_met pk=pairing meeting_pk=met                    login   405   405   405   405   405   405
pairings:past_kind pk=pairing meeting_pk=met                   login   405   405   405   405   405   405
pairings:agenda_talked pk=pairing item_pk=topic                login   405   405   405   405   405   405
pairings:agenda_again pk=pairing item_pk=topic                 login   405   405   405   405   405   405
pairings:agenda_delete pk=pairing item_pk=topic                login   405   405   405   405   405   405
pairings:agenda_starter pk=pairing starter_pk=starter          login   405   405   405   405   405   405
pairings:note pk=pairing note_pk=note                          login   404   200   404   404   404   404
pairings:note pk=pairing note_pk=note_for_two                  login   404   200   404   404   404   404
pairings:note pk=hill_pairing note_pk=hill_note_for_two        login   404   404   404   404   404   404
pairings:note_share pk=pairing note_pk=note                    login   405   405   405   405   405   405
pairings:note_take_back pk=pairing note_pk=note                login   405   405   405   405   405   405
pairings:note_delete pk=pairing note_pk=note                   login   405   405   405   405   405   405
pairings:goals pk=pairing                                       login   404   200   200   404   404   404
pairings:goals pk=asked                                         login   404   404   404   404   404   404
pairings:goals pk=hill_pairing                                  login   404   404   404   404   404   404
pairings:goal_add pk=pairing                                    login   404   302   302   404   404   404
pairings:goal_add pk=hill_pairing                               login   404   404   404   404   404   404
pairings:goal pk=pairing goal_pk=goal                           login   404   200   200   404   404   404
pairings:goal pk=pairing goal_pk=hill_goal                      login   404   404   404   404   404   404
pairings:goal pk=hill_pairing goal_pk=hill_goal                 login   404   404   404   404   404   404
pairings:goal_delete pk=pairing goal_pk=goal                    login   405   405   405   405   405   405
pairings:action_add pk=pairing                                  login   404   302   302   404   404   404
pairings:action_add pk=hill_pairing                             login   404   404   404   404   404   404
pairings:action pk=pairing action_pk=action                     login   404   200   200   404   404   404
pairings:action pk=pairing action_pk=hill_action                login   404   404   404   404   404   404
pairings:action pk=hill_pairing action_pk=hill_action           login   404   404   404   404   404   404
pairings:action_delete pk=pairing action_pk=action              login   405   405   405   405   405   405
pairings:possibility_add pk=pairing                             login   404   302   302   404   404   404
pairings:possibility_add pk=hill_pairing                        login   404   404   404   404   404   404
pairings:possibility pk=pairing possibility_pk=possibility      login   404   200   302   404   404   404
pairings:possibility pk=pairing possibility_pk=hill_possibility  login   404   404   404   404   404   404
pairings:possibility pk=hill_pairing possibility_pk=hill_possibility  login   404   404   404   404   404   404
pairings:possibility_delete pk=pairing possibility_pk=possibility  login   405   405   405   405   405   405
pairings:goal_move pk=pairing goal_pk=goal                      login   405   405   405   405   405   405
pairings:actions_done pk=pairing                                login   405   405   405   405   405   405
pairings:meeting_plan pk=pairing                               login   404   200   200   404   404   404
pairings:meeting_plan pk=hill_pairing                          login   404   404   404   404   404   404
pairings:meeting_coming pk=pairing                             login   404   200   200   404   404   404
pairings:meeting_coming pk=hill_pairing                        login   404   404   404   404   404   404
pairings:meeting_together pk=pairing                           login   404   404   404   404   404   404
pairings:meeting_together pk=hill_pairing                      login   404   404   404   404   404   404
pairings:meeting_change pk=pairing meeting_pk=meeting          login   404   200   200   404   404   404
pairings:meeting_change pk=pairing meeting_pk=hill_meeting     login   404   404   404   404   404   404
pairings:meeting_change pk=hill_pairing meeting_pk=hill_meeting login   404   404   404   404   404   404
pairings:meeting_answer pk=pairing meeting_pk=meeting          login   405   405   405   405   405   405
pairings:meeting_answer pk=pairing meeting_pk=hill_meeting     login   405   405   405   405   405   405
pairings:times_propose pk=pairing                              login   405   405   405   405   405   405
pairings:times_propose pk=asked                                login   405   405   405   405   405   405
pairings:times_propose pk=hill_pairing                         login   405   405   405   405   405   405
pairings:times_take pk=pairing proposal_pk=proposal            login   405   405   405   405   405   405
pairings:times_take pk=hill_pairing proposal_pk=hill_proposal  login   405   405   405   405   405   405
pairings:times_none pk=pairing proposal_pk=proposal            login   405   405   405   405   405   405
pairings:times_none pk=pairing proposal_pk=hill_proposal       login   405   405   405   405   405   405
pairings:times_none pk=hill_pairing proposal_pk=hill_proposal  login   405   405   405   405   405   405
pairings:times_take_back pk=pairing proposal_pk=proposal       login   405   405   405   405   405   405
pairings:times_take_back pk=hill_pairing proposal_pk=hill_proposal login   405   405   405   405   405   405
pairings:times_answer token=times_token                          200   200   200   200   200   200   200
pairings:times_answer token=unknown                              404   404   404   404   404   404   404
pairings:ending pk=pairing                                    login   404   200   200   404   404   404
pairings:ending pk=asked                                      login   404   302   302   404   404   404
pairings:ending pk=hill_pairing                               login   404   404   404   404   404   404
pairings:pause pk=pairing                                     login   404   200   200   404   404   404
pairings:pause pk=asked                                       login   404   302   302   404   404   404
pairings:pause pk=hill_pairing                                login   404   404   404   404   404   404
pairings:complete pk=pairing                                  login   404   200   200   404   404   404
pairings:complete pk=asked                                    login   404   302   302   404   404   404
pairings:complete pk=hill_pairing                             login   404   404   404   404   404   404
pairings:end pk=pairing                                       login   404   200   200   404   404   404
pairings:end pk=asked                                         login   404   302   302   404   404   404
pairings:end pk=hill_pairing                                  login   404   404   404   404   404   404
pairings:extend pk=pairing                                    login   404   200   200   404   404   404
pairings:extend pk=asked                                      login   404   302   302   404   404   404
pairings:extend pk=hill_pairing                               login   404   404   404   404   404   404
pairings:farewell pk=pairing                                  login   404   200   200   404   404   404
pairings:farewell pk=asked                                    login   404   302   302   404   404   404
pairings:farewell pk=hill_pairing                             login   404   404   404   404   404   404
pairings:resume pk=pairing                                    login   405   405   405   405   405   405
pairings:extend_answer pk=pairing extension_pk=longer         login   405   405   405   405   405   405
pairings:extend_take_back pk=pairing extension_pk=longer      login   405   405   405   405   405   405
requests:detail pk=request                                     login   404   200   200   404   404   404
requests:ask_back pk=request                                   login   405   405   405   405   405   405
requests:reply pk=request                                      login   405   405   405   405   405   405
requests:take_back pk=request                                  login   405   405   405   405   405   405
requests:room pk=request                                       login   405   405   405   405   405   405
requests:pause pk=request                                      login   405   405   405   405   405   405
requests:detail pk=request_of_another                          login   404   200   404   404   404   404
requests:ask_back pk=request_of_another                        login   405   405   405   405   405   405
requests:reply pk=request_of_another                           login   405   405   405   405   405   405
requests:take_back pk=request_of_another                       login   405   405   405   405   405   405
requests:room pk=request_of_another                            login   405   405   405   405   405   405
requests:pause pk=request_of_another                           login   405   405   405   405   405   405
requests:detail pk=hill_request                                login   404   404   404   404   404   404
requests:ask_back pk=hill_request                              login   405   405   405   405   405   405
requests:reply pk=hill_request                                 login   405   405   405   405   405   405
requests:take_back pk=hill_request                             login   405   405   405   405   405   405
requests:room pk=hill_request                                  login   405   405   405   405   405   405
requests:pause pk=hill_request                                 login   405   405   405   405   405   405
people:detail pk=person                                        login   404   200   200   200   404   404
people:detail pk=hill_person                                   login   404   404   404   404   200   404
people:photo pk=person key=photo                               login   404   200   200   200   404   404
people:photo pk=person key=hill_photo                          login   404   404   404   404   404   404
people:photo pk=hill_person key=hill_photo                     login   404   404   404   404   200   404
programs:detail pk=program                                     login   404   200   200   404   404   404
programs:detail pk=hill_program                                login   404   404   404   404   404   404
# Its random name is what opens a logo: whoever is invited is not signed in yet.
programs:logo key=logo                                           200   200   200   200   200   200   200
programs:logo key=0123456789abcdef                               404   404   404   404   404   404   404
programs:accent digits=317563                                    200   200   200   200   200   200   200
programs:list                                                  login   200   200   200   200   200   200
programs:detail pk=open                                        login   302   302   302   302   302   302
programs:apply pk=open                                         login   200   200   200   200   200   200
programs:apply pk=program                                      login   404   302   302   404   404   404
programs:apply pk=hill_program                                 login   404   404   404   404   404   404
programs:draft pk=open                                         login   405   405   405   405   405   405
programs:draft_delete pk=open                                  login   405   405   405   405   405   405
programs:edit pk=program                                       login   404   200   200   404   404   404
programs:edit pk=open                                          login   404   404   404   404   404   404
programs:edit pk=hill_program                                  login   404   404   404   404   404   404
programs:skills pk=open                                        login   200   200   200   200   200   200
programs:skills pk=program                                     login   404   200   200   404   404   404
programs:skills pk=hill_program                                login   404   404   404   404   404   404
programs:accept pk=program                                     login   405   405   405   405   405   405
programs:pass pk=program                                       login   405   405   405   405   405   405
programs:pause pk=program                                      login   405   405   405   405   405   405
programs:come_back pk=program                                  login   405   405   405   405   405   405
programs:withdraw pk=program                                   login   404   200   200   404   404   404
programs:withdraw pk=open                                      login   404   404   404   404   404   404
programs:withdraw pk=hill_program                              login   404   404   404   404   404   404
programs:announcements pk=program                               login   404   200   200   404   404   404
programs:announcements pk=hill_program                          login   404   404   404   404   404   404
programs:resources pk=program                                   login   404   200   200   404   404   404
programs:resources pk=open                                      login   404   404   404   404   404   404
programs:resources pk=hill_program                              login   404   404   404   404   404   404
programs:resource_file pk=program resource_pk=resource          login   404   200   200   404   404   404
programs:resource_file pk=program resource_pk=hill_resource     login   404   404   404   404   404   404
programs:resource_file pk=hill_program resource_pk=hill_resource  login   404   404   404   404   404   404
programs:mentors pk=program                                    login   404   200   404   404   404   404
programs:mentors pk=open                                       login   404   404   404   404   404   404
programs:mentors pk=hill_program                               login   404   404   404   404   404   404
programs:ask pk=program mentor_pk=mentor                       login   404   200   404   404   404   404
programs:ask pk=program mentor_pk=person                       login   404   404   404   404   404   404
programs:ask pk=hill_program mentor_pk=hill_person             login   404   404   404   404   404   404
programs:watch pk=program mentor_pk=mentor                     login   405   405   405   405   405   405
programs:requests pk=program                                   login   404   200   404   404   404   404
programs:requests pk=hill_program                              login   404   404   404   404   404   404
programs:request_sooner pk=program request_pk=wanted           login   405   405   405   405   405   405
programs:request_take_back pk=program request_pk=wanted        login   405   405   405   405   405   405
join:here                                                        404   404   404   404   404   404   404
join:open token=mail_token                                       200   200   200   200   200   200   200
join:open token=link_token                                       200   200   200   200   200   200   200
join:open token=unknown                                          404   404   404   404   404   404   404
livez                                                            200   200   200   200   200   200   200
readyz                                                           200   200   200   200   200   200   200
healthz                                                          200   200   200   200   200   200   200
metrics                                                          404   404   404   404   404   404   404
accounts:settings                                              login   200   200   200   200   200   200
accounts:snooze_end                                            login   405   405   405   405   405   405
accounts:profile                                               login   200   200   200   200   200   200
accounts:data                                                  login   200   200   200   200   200   200
accounts:export                                                login   405   405   405   405   405   405
accounts:export_download pk=export                             login   302   302   302   302   302   302
keepsake:book                                                  login   200   200   200   200   200   200
keepsake:make                                                  login   405   405   405   405   405   405
keepsake:download pk=keepsake form=markdown                    login   302   302   302   302   302   302
keepsake:delete pk=keepsake                                    login   405   405   405   405   405   405
accounts:leave                                                 login   200   200   200   200   200   200
accounts:stay                                                  login   405   405   405   405   405   405
calendar:settings                                              login   200   200   200   200   200   200
calendar:renew                                                 login   405   405   405   405   405   405
calendar:stop                                                  login   405   405   405   405   405   405
calendar:feed token=feed_token                                   200   200   200   200   200   200   200
calendar:feed token=unknown                                      404   404   404   404   404   404   404
pairings:meeting_file pk=pairing meeting_pk=meeting            login   404   200   200   404   404   404
pairings:meeting_file pk=hill_pairing meeting_pk=hill_meeting  login   404   404   404   404   404   404
pairings:meeting_file pk=pairing meeting_pk=hill_meeting       login   404   404   404   404   404   404
privacy                                                          200   200   200   200   200   200   200
help                                                             200   200   200   200   200   200   200
account_login                                                    200   302   302   302   302   302   302
account_logout                                                   302   200   200   200   200   200   200
account_inactive                                                 200   200   200   200   200   200   200
account_signup                                                   200   302   302   302   302   302   302
account_reauthenticate                                         login   200   200   200   200   200   200
reauthenticate_by_code                                         login   302   302   302   302   302   302
account_email                                                  login   200   200   200   200   200   200
account_email_verification_sent                                login   302   302   302   302   302   302
account_change_password                                        login   200   200   200   200   200   200
account_set_password                                           login   302   302   302   302   302   302
account_reset_password                                           200   200   200   200   200   200   200
account_confirm_login_code                                     login   302   302   302   302   302   302
account_confirm_password_reset_code                            login login login login login login login
account_complete_password_reset                                  302   302   302   302   302   302   302
account_password_reset_completed                                 200   200   200   200   200   200   200
account_request_login_code                                       200   302   302   302   302   302   302
mfa_index                                                     login   200   200   200   200   200   200
mfa_authenticate                                              login   302   302   302   302   302   302
mfa_reauthenticate                                            login   302   302   302   302   302   302
mfa_activate_totp                                             login   302   302   302   302   302   302
mfa_deactivate_totp                                           login   404   404   404   404   404   404
mfa_view_recovery_codes                                       login   404   404   404   404   404   404
mfa_generate_recovery_codes                                   login   302   302   302   302   302   302
mfa_download_recovery_codes                                   login   404   404   404   404   404   404
mfa_list_webauthn                                             login   200   200   200   200   200   200
mfa_add_webauthn                                              login   302   302   302   302   302   302
mfa_reauthenticate_webauthn                                   login   302   302   302   302   302   302
mfa_remove_webauthn pk=hill_passkey                           login   302   302   302   302   302   302
mfa_edit_webauthn pk=hill_passkey                             login   302   302   302   302   302   302
mfa_login_webauthn                                            login   302   302   302   302   302   302
usersessions_list                                             login   200   200   200   200   200   200
# Nobody has set up an account elsewhere (tests/accounts/test_single_sign_on.py is about one that is).
socialaccount_connections                                     login   200   200   200   200   200   200
socialaccount_login_cancelled                                    200   200   200   200   200   200   200
socialaccount_login_error                                     login   401   401   401   401   401   401
socialaccount_signup                                          login login login login login login login
openid_connect_login provider_id=google                          404   404   404   404   404   404   404
openid_connect_callback provider_id=google                       404   404   404   404   404   404   404
/account/social/connections/                                  login   301   301   301   301   301   301
mail:stop token=token                                            200   200   200   200   200   200   200
mail:stop token=unknown                                          404   404   404   404   404   404   404
mail:try_again                                                 login   405   405   405   405   405   405
mail:hook provider=postmark what=inbound                         405   405   405   405   405   405   405
reflections:not_now token=nudge_token                            200   200   200   200   200   200   200
reflections:not_now token=unknown                                404   404   404   404   404   404   404
reflections:another_time token=nudge_token                       200   200   200   200   200   200   200
reflections:another_time token=unknown                           404   404   404   404   404   404   404
reflections:keep_asking token=keep_token                         200   200   200   200   200   200   200
reflections:keep_asking token=nudge_token                        404   200   404   200   200   200   200
reflections:keep_asking token=unknown                            404   404   404   404   404   404   404
reflections:ask_again                                          login   405   405   405   405   405   405
accounts:mail                                                  login   200   200   200   200   200   200
accounts:audit                                                 login   200   200   200   200   200   200
accounts:mail_stop                                             login   405   405   405   405   405   405
"""

# What a form sent empty comes to: who is turned away, and how.
POSTS = """
#                                                               none outs.menteementor admin  hill super
home                                                             200   200   200   200   200   200   200
moments:share                                                  login   200   200   200   200   200   200
moments:search                                                 login   200   200   200   200   200   200
moments:mail_renew                                             login   404   404   404   404   404   404
moments:mail_stop                                              login   404   404   404   404   404   404
moments:keep                                                   login   200   200   200   200   200   200
incoming:cancel                                                 login   302   302   302   302   302   302
incoming:accept pk=incoming                                     login   404   302   404   404   404   404
incoming:refuse pk=incoming                                     login   404   302   404   404   404   404
incoming:put_back pk=incoming                                   login   404   302   404   404   404   404
incoming:accept pk=hill_incoming                                login   404   404   404   404   404   404
incoming:refuse pk=hill_incoming                                login   404   404   404   404   404   404
incoming:put_back pk=hill_incoming                              login   404   404   404   404   404   404
named:thing what=moments thing=shown                                   login   404   200   404   404   404   404
quoting what=moments thing=moment                                      login   404   302   404   404   404   404
quoting what=answers thing=answer                                      login   404   302   404   404   404   404
quoting what=moments thing=hill_moment                                 login   404   404   404   404   404   404
quoting what=nonsense thing=moment                                     login   404   404   404   404   404   404
named:agree pk=naming                                                  login   404   404   302   404   404   404
named:decline pk=naming                                                login   404   404   302   404   404   404
named:ask pk=naming                                                    login   404   302   404   404   404   404
named:somebody_else pk=naming                                          login   404   302   404   404   404   404
named:meant pk=naming                                                  login   404   302   404   404   404   404
break_glass:whose                                                      login   404   404   404   404   404   404
break_glass:ask person_pk=person                                    login   404   404   404   404   404   404
break_glass:allow pk=naming                                            login   404   404   404   404   404   404
break_glass:refuse pk=naming                                           login   404   404   404   404   404   404
break_glass:close pk=naming                                            login   404   404   404   404   404   404
break_glass:read pk=naming                                             login   404   404   404   404   404   404
moments:undo pk=moment                                         login   404   302   404   404   404   404
moments:undo pk=shown                                          login   404   302   404   404   404   404
moments:undo pk=hill_moment                                    login   404   404   404   404   404   404
moments:edit pk=moment                                         login   404   200   404   404   404   404
moments:delete pk=moment                                       login   404   302   404   404   404   404
moments:edit pk=shown                                          login   404   200   404   404   404   404
moments:delete pk=shown                                        login   404   302   404   404   404   404
moments:edit pk=hill_moment                                    login   404   404   404   404   404   404
moments:delete pk=hill_moment                                  login   404   404   404   404   404   404
thanks:mentor_add                                              login   200   200   200   200   200   200
thanks:begin                                                   login   302   302   302   302   302   302
thanks:note pk=thanks_note                                     login   404   200   404   404   404   404
thanks:whom pk=thanks_note                                     login   404   200   404   404   404   404
thanks:mail pk=thanks_note                                     login   404   200   404   404   404   404
thanks:delete pk=thanks_note                                   login   404   302   404   404   404   404
thanks:print pk=thanks_note                                    login   405   405   405   405   405   405
thanks:copy pk=thanks_note                                     login   405   405   405   405   405   405
thanks:save pk=thanks_note                                     login   404   409   404   404   404   404
thanks:given pk=thanks_note                                    login   404   302   404   404   404   404
thanks:take_back pk=thanks_note                                login   404   302   404   404   404   404
thanks:note pk=hill_thanks_note                                login   404   404   404   404   404   404
thanks:whom pk=hill_thanks_note                                login   404   404   404   404   404   404
thanks:mail pk=hill_thanks_note                                login   404   404   404   404   404   404
thanks:delete pk=hill_thanks_note                              login   404   404   404   404   404   404
thanks:print pk=hill_thanks_note                               login   405   405   405   405   405   405
thanks:copy pk=hill_thanks_note                                login   405   405   405   405   405   405
thanks:save pk=hill_thanks_note                                login   404   404   404   404   404   404
thanks:given pk=hill_thanks_note                               login   404   404   404   404   404   404
thanks:take_back pk=hill_thanks_note                           login   404   404   404   404   404   404
thanks:mentor pk=own_mentor                                    login   404   200   404   404   404   404
thanks:mentor_remove pk=own_mentor                             login   404   302   404   404   404   404
thanks:mentor pk=hill_own_mentor                               login   404   404   404   404   404   404
thanks:mentor_remove pk=hill_own_mentor                        login   404   404   404   404   404   404
thanks:note pk=given                                           login   404   200   404   404   404   404
thanks:mail pk=given                                           login   404   302   404   404   404   404
thanks:received_note pk=given                                  login   405   405   405   405   405   405
thanks:report pk=given                                         login   404   404   302   404   404   404
thanks:read pk=given                                           login   404   404   302   404   404   404
thanks:reply pk=given                                          login   404   404   302   404   404   404
thanks:mute pk=given                                           login   404   404   302   404   404   404
thanks:note pk=hill_given                                      login   404   404   404   404   404   404
thanks:mail pk=hill_given                                      login   404   404   404   404   404   404
thanks:received_note pk=hill_given                             login   405   405   405   405   405   405
thanks:report pk=hill_given                                    login   404   404   404   404   404   404
thanks:read pk=hill_given                                      login   404   404   404   404   404   404
thanks:reply pk=hill_given                                     login   404   404   404   404   404   404
thanks:mute pk=hill_given                                      login   404   404   404   404   404   404
thanks:never token=never_token                                   200   200   200   200   200   200   200
thanks:never token=unknown                                       404   404   404   404   404   404   404
thanks:index                                                   login   405   405   405   405   405   405
thanks:received                                                login   405   405   405   405   405   405
story:value pk=value                                           login   404   200   404   404   404   404
story:value pk=hill_value                                      login   404   404   404   404   404   404
story:merge pk=value                                           login   404   200   404   404   404   404
story:merge pk=hill_value                                      login   404   404   404   404   404   404
story:let_go pk=value                                          login   404   302   404   404   404   404
story:let_go pk=hill_value                                     login   404   404   404   404   404   404
story:moment_values pk=shown                                   login   404   200   404   404   404   404
story:moment_values pk=hill_moment                             login   404   404   404   404   404   404
story:answer_values pk=answered                                login   404   200   404   404   404   404
story:answer_values pk=hill_answered                           login   404   404   404   404   404   404
story:hide pk=cares                                            login   404   302   404   404   404   404
story:on_profile pk=value                                      login   404   302   404   404   404   404
story:on_profile pk=hill_value                                 login   404   404   404   404   404   404
story:off_profile pk=value                                     login   404   302   404   404   404   404
story:off_profile pk=hill_value                                login   404   404   404   404   404   404
story:hide pk=hill_cares                                       login   404   404   404   404   404   404
reflections:decline pk=round                                   login   404   302   302   404   404   404
reflections:take_back pk=round answer_pk=answer               login   404   404   404   404   404   404
reflections:take_back pk=hill_round answer_pk=answer          login   404   404   404   404   404   404
reflections:take_back pk=past answer_pk=answer                login   404   302   404   404   404   404
reflections:shelf pk=past answer_pk=answer pairing_pk=pairing   login   404   404   404   404   404   404
reflections:tell what=answers thing=answer                    login   404   200   404   404   404   404
reflections:tell what=moments thing=hill_moment               login   404   404   404   404   404   404
reflections:tell_keep what=answers thing=answer               login   404   302   404   404   404   404
reflections:tell_keep what=moments thing=hill_moment          login   404   404   404   404   404   404
reflections:swap pk=pairing round_pk=round                    login   405   405   405   405   405   405
reflections:swap pk=asked round_pk=round                      login   405   405   405   405   405   405
reflections:swap pk=hill_pairing round_pk=hill_round          login   405   405   405   405   405   405
reflections:swap pk=pairing round_pk=hill_round               login   405   405   405   405   405   405
reflections:swap_suggest pk=pairing round_pk=round            login   404   200   200   404   404   404
reflections:swap_suggest pk=hill_pairing round_pk=hill_round  login   404   404   404   404   404   404
reflections:swap_agree pk=pairing round_pk=round              login   404   302   302   404   404   404
reflections:swap_agree pk=hill_pairing round_pk=hill_round    login   404   404   404   404   404   404
surveys:answer pk=sheet                                        login   404   200   404   404   404   404
surveys:answer pk=hill_sheet                                   login   404   404   404   404   404   404
surveys:not_now pk=sheet                                       login   404   302   404   404   404   404
surveys:not_now pk=hill_sheet                                  login   404   404   404   404   404   404
reflections:swap_pick pk=pairing round_pk=round               login   404   302   302   404   404   404
reflections:swap_pick pk=hill_pairing round_pk=hill_round     login   404   404   404   404   404   404
reflections:swap_call_off pk=pairing round_pk=round           login   404   302   302   404   404   404
reflections:swap_call_off pk=hill_pairing round_pk=hill_round login   404   404   404   404   404   404
reflections:submit pk=round                                    login   404   302   302   404   404   404
reflections:question pk=round code=M7                          login   404   302   302   404   404   404
reflections:save pk=round code=M7                              login   404   200   200   404   404   404
reflections:question pk=round code=E3 piece=second             login   404   302   404   404   404   404
reflections:save pk=round code=E3 piece=second                 login   404   200   404   404   404   404
reflections:question pk=round code=M12                         login   404   302   302   404   404   404
reflections:rough pk=round                                     login   404   302   302   404   404   404
reflections:rough pk=hill_round                                login   404   404   404   404   404   404
reflections:decline pk=past                                    login   404   302   302   404   404   404
reflections:submit pk=past                                     login   404   302   302   404   404   404
reflections:question pk=past code=M7                           login   404   302   302   404   404   404
reflections:save pk=past code=M7                               login   404   200   200   404   404   404
reflections:decline pk=hill_round                              login   404   404   404   404   404   404
reflections:submit pk=hill_round                               login   404   404   404   404   404   404
reflections:question pk=hill_round code=M7                     login   404   404   404   404   404   404
reflections:save pk=hill_round code=M7                         login   404   404   404   404   404   404
reflections:save pk=round code=E1                              login   404   409   404   404   404   404
reflections:read pk=pairing what=moments thing=shown             login   404   302   302   404   404   404
reflections:thanks pk=pairing what=moments thing=shown           login   404   200   302   404   404   404
reflections:ask pk=pairing what=moments thing=shown              login   404   200   200   404   404   404
reflections:answer pk=pairing what=moments thing=shown           login   404   200   200   404   404   404
reflections:unsay pk=pairing what=moments thing=shown            login   404   302   302   404   404   404
reflections:read pk=hill_pairing what=moments thing=hill_moment  login   404   404   404   404   404   404
pairings:concern pk=pairing                                    login   404   200   200   404   404   404
pairings:concern pk=asked                                      login   404   200   200   404   404   404
pairings:concern pk=hill_pairing                               login   404   404   404   404   404   404
concerns:read pk=concern                                       login   404   404   404   404   404   404
concerns:answer pk=concern                                     login   404   404   404   404   404   404
concerns:see_to pk=concern                                     login   404   404   404   404   404   404
concerns:take_back pk=concern                                  login   404   302   404   404   404   404
concerns:take_back pk=hill_concern                             login   404   404   404   404   404   404
concerns:read pk=hill_concern                                  login   404   404   404   404   404   404
pairings:accept pk=pairing                                     login   404   302   302   404   404   404
pairings:decline pk=pairing                                    login   404   302   302   404   404   404
pairings:take_back_yes pk=pairing                              login   404   404   404   404   404   404
pairings:meeting_add pk=pairing                                login   404   200   200   404   404   404
pairings:fit pk=pairing                                        login   404   200   404   404   404   404
pairings:fit pk=asked                                          login   404   404   404   404   404   404
pairings:fit pk=hill_pairing                                   login   404   404   404   404   404   404
pairings:silence pk=pairing                                    login   404   302   302   404   404   404
pairings:silence pk=silent                                     login   404   200   404   404   404   404
pairings:silence pk=hill_pairing                               login   404   404   404   404   404   404
pairings:silence_answer token=silence_token                      200   200   200   200   200   200   200
pairings:silence_answer token=unknown                            404   404   404   404   404   404   404
pairings:in_touch pk=ended                                     login   404   302   404   404   404   404
pairings:in_touch pk=hill_pairing                              login   404   404   404   404   404   404
pairings:postcards pk=ended                                    login   404   200   404   404   404   404
pairings:postcards pk=hill_pairing                             login   404   404   404   404   404   404
pairings:postcards_mute pk=ended                               login   404   302   404   404   404   404
pairings:postcards_mute pk=hill_pairing                        login   404   404   404   404   404   404
pairings:postcards_stop token=mute_token                         200   200   200   200   200   200   200
pairings:postcards_stop token=unknown                            404   404   404   404   404   404   404
pairings:answer token=answer_token                               200   200   200   200   200   200   200
pairings:answer token=unknown                                    404   404   404   404   404   404   404
pairings:accept pk=asked                                       login   404   302   302   404   404   404
pairings:decline pk=asked                                      login   404   302   302   404   404   404
pairings:take_back_yes pk=asked                              login   404   404   404   404   404   404
pairings:meeting_add pk=asked                                  login   404   200   200   404   404   404
pairings:accept pk=hill_pairing                                login   404   404   404   404   404   404
pairings:decline pk=hill_pairing                               login   404   404   404   404   404   404
pairings:take_back_yes pk=hill_pairing                              login   404   404   404   404   404   404
pairings:meeting_add pk=hill_pairing                           login   404   404   404   404   404   404
pairings:meeting_cancel pk=pairing meeting_pk=meeting          login   404   302   302   404   404   404
pairings:meeting_cancel pk=pairing meeting_pk=hill_meeting     login   404   404   404   404   404   404
pairings:meeting_cancel pk=hill_pairing meeting_pk=hill_meeting login   404   404   404   404   404   404
pairings:agreement pk=pairing                                  login   405   405   405   405   405   405
pairings:agreement_history pk=pairing                          login   405   405   405   405   405   405
pairings:agreement_propose pk=pairing                          login   404   200   200   404   404   404
pairings:agreement_propose pk=asked                            login   404   404   404   404   404   404
pairings:agreement_propose pk=hill_pairing                     login   404   404   404   404   404   404
pairings:agreement_wish pk=pairing                             login   404   302   302   404   404   404
pairings:agreement_wish pk=hill_pairing                        login   404   404   404   404   404   404
pairings:agreement_accept pk=pairing version_pk=version        login   404   302   302   404   404   404
pairings:agreement_accept pk=pairing version_pk=hill_version   login   404   404   404   404   404   404
pairings:agreement_accept pk=hill_pairing version_pk=hill_version login   404   404   404   404   404   404
pairings:agreement_decline pk=pairing version_pk=version       login   404   302   302   404   404   404
pairings:agreement_decline pk=hill_pairing version_pk=hill_version login   404   404   404   404   404   404
pairings:agreement_withdraw pk=pairing version_pk=version      login   404   302   302   404   404   404
pairings:agreement_withdraw pk=hill_pairing version_pk=hill_version login   404   404   404   404   404   404
pairings:met token=met_token                                     200   200   200   200   200   200   200
pairings:met token=unknown                                       404   404   404   404   404   404   404
pairings:past pk=pairing                                       login   404   200   200   404   404   404
pairings:past pk=hill_pairing                                  login   404   404   404   404   404   404
pairings:agenda pk=pairing                                     login   404   200   200   404   404   404
pairings:agenda pk=hill_pairing                                login   404   404   404   404   404   404
pairings:note_private pk=pairing                               login   404   200   200   404   404   404
pairings:note_private pk=hill_pairing                          login   404   404   404   404   404   404
pairings:note_shared pk=pairing                                login   404   200   200   404   404   404
pairings:note_shared pk=hill_pairing                           login   404   404   404   404   404   404
pairings:past_met pk=pairing meeting_pk=met                    login   404   302   302   404   404   404
pairings:past_met pk=pairing meeting_pk=hill_met               login   404   404   404   404   404   404
pairings:past_met pk=hill_pairing meeting_pk=hill_met          login   404   404   404   404   404   404
pairings:past_kind pk=pairing meeting_pk=met                   login   404   302   302   404   404   404
pairings:past_kind pk=pairing meeting_pk=hill_met              login   404   404   404   404   404   404
pairings:past_kind pk=hill_pairing meeting_pk=hill_met         login   404   404   404   404   404   404
pairings:agenda_talked pk=pairing item_pk=topic                login   404   302   302   404   404   404
pairings:agenda_talked pk=pairing item_pk=hill_topic           login   404   404   404   404   404   404
pairings:agenda_talked pk=hill_pairing item_pk=hill_topic      login   404   404   404   404   404   404
pairings:agenda_again pk=pairing item_pk=topic                 login   404   302   302   404   404   404
pairings:agenda_again pk=pairing item_pk=hill_topic            login   404   404   404   404   404   404
pairings:agenda_again pk=hill_pairing item_pk=hill_topic       login   404   404   404   404   404   404
pairings:agenda_delete pk=pairing item_pk=topic                login   404   302   302   404   404   404
pairings:agenda_delete pk=pairing item_pk=hill_topic           login   404   404   404   404   404   404
pairings:agenda_delete pk=hill_pairing item_pk=hill_topic      login   404   404   404   404   404   404
pairings:agenda_starter pk=pairing starter_pk=starter          login   404   302   302   404   404   404
pairings:agenda_starter pk=pairing starter_pk=hill_starter     login   404   404   404   404   404   404
pairings:agenda_starter pk=hill_pairing starter_pk=hill_starter login   404   404   404   404   404   404
pairings:note pk=pairing note_pk=note                          login   404   200   404   404   404   404
pairings:note pk=pairing note_pk=hill_note                     login   404   404   404   404   404   404
pairings:note pk=hill_pairing note_pk=hill_note_for_two        login   404   404   404   404   404   404
pairings:note_share pk=pairing note_pk=note                    login   404   302   404   404   404   404
pairings:note_share pk=pairing note_pk=note_for_two            login   404   302   404   404   404   404
pairings:note_share pk=hill_pairing note_pk=hill_note_for_two  login   404   404   404   404   404   404
pairings:note_take_back pk=pairing note_pk=note                login   404   302   404   404   404   404
pairings:note_take_back pk=pairing note_pk=note_for_two        login   404   302   404   404   404   404
pairings:note_take_back pk=hill_pairing note_pk=hill_note_for_two login   404   404   404   404   404   404
pairings:note_delete pk=pairing note_pk=note                   login   404   302   404   404   404   404
pairings:note_delete pk=pairing note_pk=note_for_two           login   404   302   404   404   404   404
pairings:note_delete pk=hill_pairing note_pk=hill_note_for_two login   404   404   404   404   404   404
pairings:goal_add pk=pairing                                    login   404   200   200   404   404   404
pairings:goal_add pk=asked                                      login   404   404   404   404   404   404
pairings:goal_add pk=hill_pairing                               login   404   404   404   404   404   404
pairings:goal pk=pairing goal_pk=goal                           login   404   200   302   404   404   404
pairings:goal pk=pairing goal_pk=hill_goal                      login   404   404   404   404   404   404
pairings:goal_delete pk=pairing goal_pk=goal                    login   404   302   302   404   404   404
pairings:goal_delete pk=pairing goal_pk=hill_goal               login   404   404   404   404   404   404
pairings:goal_delete pk=hill_pairing goal_pk=hill_goal          login   404   404   404   404   404   404
pairings:action_add pk=pairing                                  login   404   200   200   404   404   404
pairings:action_add pk=asked                                    login   404   404   404   404   404   404
pairings:action_add pk=hill_pairing                             login   404   404   404   404   404   404
pairings:action pk=pairing action_pk=action                     login   404   200   200   404   404   404
pairings:action pk=pairing action_pk=hill_action                login   404   404   404   404   404   404
pairings:action_delete pk=pairing action_pk=action              login   404   302   302   404   404   404
pairings:action_delete pk=pairing action_pk=hill_action         login   404   404   404   404   404   404
pairings:action_delete pk=hill_pairing action_pk=hill_action    login   404   404   404   404   404   404
pairings:possibility_add pk=pairing                             login   404   200   200   404   404   404
pairings:possibility_add pk=asked                               login   404   404   404   404   404   404
pairings:possibility_add pk=hill_pairing                        login   404   404   404   404   404   404
pairings:possibility pk=pairing possibility_pk=possibility      login   404   200   302   404   404   404
pairings:possibility pk=pairing possibility_pk=hill_possibility  login   404   404   404   404   404   404
pairings:possibility_delete pk=pairing possibility_pk=possibility  login   404   302   302   404   404   404
pairings:possibility_delete pk=pairing possibility_pk=hill_possibility  login   404   404   404   404   404   404
pairings:possibility_delete pk=hill_pairing possibility_pk=hill_possibility  login   404   404   404   404   404   404
pairings:goal_move pk=pairing goal_pk=goal                      login   404   302   302   404   404   404
pairings:goal_move pk=pairing goal_pk=hill_goal                 login   404   404   404   404   404   404
pairings:goal_move pk=hill_pairing goal_pk=hill_goal            login   404   404   404   404   404   404
pairings:actions_done pk=pairing                                login   404   302   302   404   404   404
pairings:actions_done pk=hill_pairing                           login   404   404   404   404   404   404
pairings:meeting_plan pk=pairing                               login   405   405   405   405   405   405
pairings:meeting_plan pk=hill_pairing                          login   405   405   405   405   405   405
pairings:meeting_coming pk=pairing                             login   405   405   405   405   405   405
pairings:meeting_coming pk=hill_pairing                        login   405   405   405   405   405   405
pairings:meeting_together pk=pairing                           login   404   404   404   404   404   404
pairings:meeting_together pk=hill_pairing                      login   404   404   404   404   404   404
pairings:meeting_change pk=pairing meeting_pk=meeting          login   404   200   200   404   404   404
pairings:meeting_change pk=pairing meeting_pk=hill_meeting     login   404   404   404   404   404   404
pairings:meeting_change pk=hill_pairing meeting_pk=hill_meeting login   404   404   404   404   404   404
pairings:meeting_answer pk=pairing meeting_pk=meeting          login   404   302   302   404   404   404
pairings:meeting_answer pk=pairing meeting_pk=hill_meeting     login   404   404   404   404   404   404
pairings:times_propose pk=pairing                              login   404   200   200   404   404   404
pairings:times_propose pk=asked                                login   404   200   200   404   404   404
pairings:times_propose pk=hill_pairing                         login   404   404   404   404   404   404
pairings:times_take pk=pairing proposal_pk=proposal            login   404   404   404   404   404   404
pairings:times_take pk=hill_pairing proposal_pk=hill_proposal  login   404   404   404   404   404   404
pairings:times_none pk=pairing proposal_pk=proposal            login   404   302   302   404   404   404
pairings:times_none pk=pairing proposal_pk=hill_proposal       login   404   404   404   404   404   404
pairings:times_none pk=hill_pairing proposal_pk=hill_proposal  login   404   404   404   404   404   404
pairings:times_take_back pk=pairing proposal_pk=proposal       login   404   302   302   404   404   404
pairings:times_take_back pk=hill_pairing proposal_pk=hill_proposal login   404   404   404   404   404   404
pairings:times_answer token=times_token                          200   200   200   200   200   200   200
pairings:times_answer token=unknown                              404   404   404   404   404   404   404
pairings:pause pk=pairing                                     login   404   200   200   404   404   404
pairings:pause pk=asked                                       login   404   302   302   404   404   404
pairings:pause pk=hill_pairing                                login   404   404   404   404   404   404
pairings:complete pk=pairing                                  login   404   200   200   404   404   404
pairings:complete pk=asked                                    login   404   302   302   404   404   404
pairings:complete pk=hill_pairing                             login   404   404   404   404   404   404
pairings:end pk=pairing                                       login   404   200   200   404   404   404
pairings:end pk=asked                                         login   404   302   302   404   404   404
pairings:end pk=hill_pairing                                  login   404   404   404   404   404   404
pairings:extend pk=pairing                                    login   404   200   200   404   404   404
pairings:extend pk=asked                                      login   404   302   302   404   404   404
pairings:extend pk=hill_pairing                               login   404   404   404   404   404   404
pairings:ending pk=pairing                                    login   405   405   405   405   405   405
pairings:farewell pk=pairing                                  login   404   302   302   404   404   404
pairings:farewell pk=asked                                    login   404   302   302   404   404   404
pairings:farewell pk=hill_pairing                             login   404   404   404   404   404   404
pairings:resume pk=pairing                                    login   404   302   302   404   404   404
pairings:resume pk=hill_pairing                               login   404   404   404   404   404   404
pairings:extend_answer pk=pairing extension_pk=longer         login   404   302   302   404   404   404
pairings:extend_answer pk=pairing extension_pk=hill_longer    login   404   404   404   404   404   404
pairings:extend_answer pk=hill_pairing extension_pk=hill_longer login   404   404   404   404   404   404
pairings:extend_take_back pk=pairing extension_pk=longer      login   404   302   302   404   404   404
pairings:extend_take_back pk=pairing extension_pk=hill_longer login   404   404   404   404   404   404
pairings:extend_take_back pk=hill_pairing extension_pk=hill_longer login   404   404   404   404   404   404
programs:list                                                  login   405   405   405   405   405   405
programs:detail pk=program                                     login   405   405   405   405   405   405
programs:apply pk=open                                         login   200   200   200   200   200   200
programs:apply pk=program                                      login   404   302   302   404   404   404
programs:apply pk=hill_program                                 login   404   404   404   404   404   404
programs:draft pk=open                                         login   200   200   200   200   200   200
programs:draft pk=program                                      login   404   409   409   404   404   404
programs:draft pk=hill_program                                 login   404   404   404   404   404   404
programs:draft_delete pk=open                                  login   404   302   404   404   404   404
programs:draft_delete pk=hill_program                          login   404   404   404   404   404   404
programs:edit pk=program                                       login   404   200   200   404   404   404
programs:edit pk=open                                          login   404   404   404   404   404   404
programs:edit pk=hill_program                                  login   404   404   404   404   404   404
programs:skills pk=open                                        login   405   405   405   405   405   405
programs:accept pk=program                                     login   404   302   302   404   404   404
programs:accept pk=open                                        login   404   404   404   404   404   404
programs:accept pk=hill_program                                login   404   404   404   404   404   404
programs:pass pk=program                                       login   404   302   302   404   404   404
programs:pass pk=open                                          login   404   404   404   404   404   404
programs:pass pk=hill_program                                  login   404   404   404   404   404   404
programs:pause pk=program                                      login   404   200   200   404   404   404
programs:pause pk=open                                         login   404   404   404   404   404   404
programs:pause pk=hill_program                                 login   404   404   404   404   404   404
programs:come_back pk=program                                  login   404   302   302   404   404   404
programs:come_back pk=open                                     login   404   404   404   404   404   404
programs:come_back pk=hill_program                             login   404   404   404   404   404   404
programs:withdraw pk=program                                   login   404   302   302   404   404   404
programs:withdraw pk=open                                      login   404   404   404   404   404   404
programs:withdraw pk=hill_program                              login   404   404   404   404   404   404
programs:mentors pk=program                                    login   405   405   405   405   405   405
programs:requests pk=program                                   login   405   405   405   405   405   405
programs:ask pk=program mentor_pk=mentor                       login   404   200   404   404   404   404
programs:ask pk=program mentor_pk=person                       login   404   404   404   404   404   404
programs:ask pk=hill_program mentor_pk=hill_person             login   404   404   404   404   404   404
programs:watch pk=program mentor_pk=mentor                     login   404   302   404   404   404   404
programs:watch pk=hill_program mentor_pk=hill_person           login   404   404   404   404   404   404
programs:request_sooner pk=program request_pk=wanted           login   404   302   404   404   404   404
programs:request_sooner pk=hill_program request_pk=wanted      login   404   404   404   404   404   404
programs:request_take_back pk=program request_pk=wanted        login   404   302   404   404   404   404
programs:request_take_back pk=hill_program request_pk=wanted   login   404   404   404   404   404   404
join:here                                                        404   404   404   404   404   404   404
join:open token=mail_token                                       200   200   200   200   200   200   200
join:open token=link_token                                       200   302   200   200   302   302   302
join:open token=unknown                                          404   404   404   404   404   404   404
livez                                                            405   405   405   405   405   405   405
readyz                                                           405   405   405   405   405   405   405
healthz                                                          405   405   405   405   405   405   405
metrics                                                          405   405   405   405   405   405   405
accounts:settings                                              login   200   200   200   200   200   200
accounts:snooze_end                                            login   302   302   302   302   302   302
accounts:profile                                               login   200   200   200   200   200   200
requests:detail pk=request                                     login   405   405   405   405   405   405
requests:ask_back pk=request                                   login   404   200   200   404   404   404
requests:reply pk=request                                      login   404   200   200   404   404   404
requests:take_back pk=request                                  login   404   302   302   404   404   404
requests:room pk=request                                       login   404   404   200   404   404   404
requests:pause pk=request                                      login   404   404   200   404   404   404
requests:detail pk=request_of_another                          login   405   405   405   405   405   405
requests:ask_back pk=request_of_another                        login   404   200   404   404   404   404
requests:reply pk=request_of_another                           login   404   200   404   404   404   404
requests:take_back pk=request_of_another                       login   404   302   404   404   404   404
requests:room pk=request_of_another                            login   404   404   404   404   404   404
requests:pause pk=request_of_another                           login   404   404   404   404   404   404
requests:detail pk=hill_request                                login   405   405   405   405   405   405
requests:ask_back pk=hill_request                              login   404   404   404   404   404   404
requests:reply pk=hill_request                                 login   404   404   404   404   404   404
requests:take_back pk=hill_request                             login   404   404   404   404   404   404
requests:room pk=hill_request                                  login   404   404   404   404   404   404
requests:pause pk=hill_request                                 login   404   404   404   404   404   404
people:detail pk=person                                        login   405   405   405   405   405   405
people:photo pk=person key=photo                               login   405   405   405   405   405   405
accounts:data                                                  login   405   405   405   405   405   405
accounts:export                                                login   302   302   302   302   302   302
accounts:export_download pk=export                             login   405   405   405   405   405   405
keepsake:book                                                  login   405   405   405   405   405   405
keepsake:make                                                  login   302   302   302   302   302   302
keepsake:download pk=keepsake form=markdown                    login   405   405   405   405   405   405
keepsake:delete pk=keepsake                                    login   404   302   404   404   404   404
accounts:leave                                                 login   302   302   302   302   302   302
accounts:stay                                                  login   302   302   302   302   302   302
calendar:settings                                              login   405   405   405   405   405   405
calendar:renew                                                 login   302   302   302   302   302   302
calendar:stop                                                  login   302   302   302   302   302   302
calendar:feed token=feed_token                                   405   405   405   405   405   405   405
calendar:feed token=unknown                                      405   405   405   405   405   405   405
pairings:meeting_file pk=pairing meeting_pk=meeting            login   405   405   405   405   405   405
pairings:meeting_file pk=hill_pairing meeting_pk=hill_meeting  login   405   405   405   405   405   405
privacy                                                          200   200   200   200   200   200   200
help                                                             200   200   200   200   200   200   200
account_login                                                    200   302   302   302   302   302   302
account_logout                                                   302   302   302   302   302   302   302
account_signup                                                   200   302   302   302   302   302   302
account_reauthenticate                                         login   200   200   200   200   200   200
reauthenticate_by_code                                         login   302   302   302   302   302   302
account_email                                                  login   302   302   302   302   302   302
account_change_password                                        login   200   200   200   200   200   200
account_set_password                                           login   302   302   302   302   302   302
account_reset_password                                           200   200   200   200   200   200   200
account_confirm_login_code                                     login   302   302   302   302   302   302
account_confirm_password_reset_code                            login login login login login login login
account_complete_password_reset                                  302   302   302   302   302   302   302
account_request_login_code                                       200   302   302   302   302   302   302
mfa_index                                                     login   405   405   405   405   405   405
mfa_authenticate                                              login   302   302   302   302   302   302
mfa_reauthenticate                                            login   302   302   302   302   302   302
mfa_activate_totp                                             login   302   302   302   302   302   302
mfa_deactivate_totp                                           login   404   404   404   404   404   404
mfa_view_recovery_codes                                       login   405   405   405   405   405   405
mfa_generate_recovery_codes                                   login   302   302   302   302   302   302
mfa_download_recovery_codes                                   login   404   404   404   404   404   404
mfa_list_webauthn                                             login   405   405   405   405   405   405
mfa_add_webauthn                                              login   302   302   302   302   302   302
mfa_reauthenticate_webauthn                                   login   302   302   302   302   302   302
mfa_remove_webauthn pk=hill_passkey                           login   302   302   302   302   302   302
mfa_edit_webauthn pk=hill_passkey                             login   302   302   302   302   302   302
mfa_login_webauthn                                            login   302   302   302   302   302   302
usersessions_list                                             login   302   302   302   302   302   302
socialaccount_connections                                     login   200   200   200   200   200   200
socialaccount_signup                                          login login login login login login login
openid_connect_login provider_id=google                          404   404   404   404   404   404   404
openid_connect_callback provider_id=google                       404   404   404   404   404   404   404
mail:stop token=token                                            200   200   200   200   200   200   200
mail:stop token=unknown                                          404   404   404   404   404   404   404
mail:try_again                                                 login   302   302   302   302   302   302
mail:hook provider=postmark what=inbound                         404   404   404   404   404   404   404
reflections:not_now token=nudge_token                            302   200   302   200   200   200   200
reflections:not_now token=unknown                                404   404   404   404   404   404   404
reflections:another_time token=nudge_token                       302   200   302   200   200   200   200
reflections:another_time token=unknown                           404   404   404   404   404   404   404
reflections:keep_asking token=keep_token                         200   200   200   200   200   200   200
reflections:keep_asking token=nudge_token                        404   200   404   200   200   200   200
reflections:keep_asking token=unknown                            404   404   404   404   404   404   404
reflections:ask_again                                          login   302   302   302   302   302   302
accounts:mail                                                  login   405   405   405   405   405   405
accounts:audit                                                 login   405   405   405   405   405   405
accounts:mail_stop                                             login   404   404   404   404   404   404
"""

# Patterns without a name: of Django's admin, which the last two lines of ADMIN_GETS are about, and the addresses that
# allauth's pages of accounts elsewhere had before.
NAMELESS = {"admin:<path:object_id>/", "admin:(?P<url>.*)$"} | {
    f"social/{page}/" for page in ("login/cancelled", "login/error", "signup", "connections")
}


@pytest.fixture
def clients(
    outsider: User, mentee: User, mentor: User, admin: User, other_admin: User, superuser: User
) -> dict[str, Client]:
    people = (None, outsider, mentee, mentor, admin, other_admin, superuser)
    for person in filter(None, people):  # As after the first sign-in.
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return {name: signed_in(person) for name, person in zip(CAST, people, strict=True)}


@pytest.fixture
def world(
    pairing: Pairing, mentee: User, admin: User, other_program: Program, other_admin: User
) -> Mapping[str, Any]:
    with time_machine.travel(NOW, tick=False):
        return things_of_the_pair(pairing, mentee, admin) | things_of_strangers(other_program)


def test_every_address_stands_in_the_table() -> None:
    named = {door.name for door in doors(GETS + ADMIN_GETS)}
    existing = set(addresses())
    assert existing - named == NAMELESS
    assert {name for name in named if not name.startswith("/")} <= existing


@pytest.mark.parametrize("table", [POSTS, ADMIN_POSTS], ids=["acting", "acting in the admin"])
def test_each_of_the_cast_finds_what_the_table_says(
    table: str, clients: dict[str, Client], world: Mapping[str, Any]
) -> None:
    """By acting; what they find by looking is in tests/test_pages_hygiene.py, with what is true of those pages."""
    with time_machine.travel(NOW, tick=False):
        wrong = differences(table, "POST", clients, world)
    assert not wrong, "\n".join(wrong)


def test_no_form_is_taken_without_its_token(admin: User, mentee: User, world: Mapping[str, Any]) -> None:
    """Whatever a page of another site sends in somebody's name. The links that stop e-mail are ways without a token;
    and what a phone shares with the app, which fills a form and changes nothing."""
    taken = []
    with time_machine.travel(NOW, tick=False):
        for person, table in ((mentee, POSTS), (admin, ADMIN_POSTS)):
            client = Client(enforce_csrf_checks=True)
            client.force_login(person)
            for door in doors(table):
                status = client.post(door.path(world)).status_code
                if status not in (403, 404, 405):
                    taken.append(door.name)
    assert set(taken) == {"mail:stop", "moments:share", "thanks:never"}
