"""How `gunicorn` serves Best Stuff when it is started in this folder.

Its command line and GUNICORN_CMD_ARGS overrule this. The number of processes is gunicorn's own WEB_CONCURRENCY, the
address `--bind` (docs/operations.md).
"""

wsgi_app = "mentoring.wsgi"
workers = 2
worker_class = "gthread"
threads = 4
# Loaded once, before the workers: a setting that is refused stops the start with its one line, instead of each worker
# failing again and again.
preload_app = True
accesslog = "-"
# It would lie in the home folder, one for all installations of an account.
control_socket_disable = True
