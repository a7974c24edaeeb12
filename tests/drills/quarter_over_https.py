"""Run in the tree of debian_drill.py: a quarter's end as the two of a pair see it, over https and by e-mail.

python quarter_over_https.py keep      the mentee keeps a moment
python quarter_over_https.py answer    both are asked by e-mail, once; the mentee answers
"""

import re
import sys
import time
from pathlib import Path

from over_https import BASE, Visitor, eventually, text_of  # type: ignore[import-not-found]  # beside it, where it runs

MAIL = Path("/root")
SUBJECT = "What was your best stuff this quarter?"
MOMENT = "The kingfisher invoice was right at the first try"
ANSWER = "I told the heron team no, and they thanked me"


def keep(mentee: Visitor) -> None:
    mentee.sign_in()
    _url, page = mentee.get("/moments/new/")
    mentee.post("/moments/keep/", page, text=MOMENT)
    assert MOMENT in mentee.get("/moments/")[1]


def answer(mentee: Visitor, mentor: Visitor) -> None:
    asked = eventually(lambda: mentee.letters(SUBJECT), "the mentee is asked")
    eventually(lambda: mentor.letters(SUBJECT), "the mentor is asked")
    text = text_of(asked[0])
    assert MOMENT not in text
    link = re.search(rf"{BASE}(/reflections/\d+/)", text)
    assert link, text
    url, _page = mentee.get(link[1])
    assert "/account/login/" in url
    assert mentee.sign_in(url.partition("?")[2]) == link[0]
    _url, page = mentee.get(link[1])
    question = re.search(r'href="(/reflections/\d+/questions/[^"]+)"', page)
    assert question, page
    path = question[1].replace("&amp;", "&")
    _url, page = mentee.get(path)
    mentee.post(path, page, text=ANSWER, then="leave")
    assert ANSWER in mentee.get(path)[1]
    assert ANSWER in mentee.get(f"{link[1]}review/")[1]
    time.sleep(20)  # Four ticks of the clock.
    for each in (mentee, mentor):
        assert len(each.letters(SUBJECT)) == 1, each.who
    print("answered")


if __name__ == "__main__":
    tomasz, noor = (Visitor(MAIL, f"{name}@example.org") for name in ("tomasz", "noor"))
    if sys.argv[1] == "keep":
        keep(tomasz)
    else:
        answer(tomasz, noor)
