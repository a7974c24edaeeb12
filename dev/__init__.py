"""The tools of development: embedded servers, the demo, the mail catcher, tests, checks. None runs in production."""
