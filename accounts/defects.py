"""What may be said in a log about a defect: where it was and of which type. Its own words may hold a person's."""

import traceback


def told(error: BaseException) -> str:
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
