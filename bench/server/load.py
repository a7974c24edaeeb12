"""Requests as fast as a server answers them, from a few threads that each keep their connection; or at a given rate."""

import http.client
import itertools
import json
import queue
import random
import statistics
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

SECONDS_TO_ANSWER = 30


@dataclass
class Ask:
    """What one client asks, again and again: a GET of a path, or with `form` a POST of it.

    `follows` names what a JSON answer says anew for the next POST: the version of what was just saved.
    """

    what: str
    path: str
    headers: Mapping[str, str]
    form: dict[str, str] = field(default_factory=dict)
    follows: Sequence[str] = ()
    sent: int = 0

    def send(self, connection: http.client.HTTPConnection) -> int:
        """The status of the answer. Raises OSError or http.client.HTTPException where there is none."""
        if not self.form:
            connection.request("GET", self.path, headers=dict(self.headers))
            answer = connection.getresponse()
            answer.read()
            return answer.status
        self.sent += 1
        form = {name: value.replace("{n}", str(self.sent)) for name, value in self.form.items()}
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", self.path, urlencode(form), headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status == 200 and self.follows:
            said = json.loads(told)
            self.form |= {name: str(said[name]) for name in self.follows}
        return answer.status


class InTurn(Ask):
    """What one client asks who goes from page to page: these, one after the other, from the first on again."""

    def __init__(self, asks: Sequence[Ask]) -> None:
        super().__init__("in turn", asks[0].path, asks[0].headers)
        self._asks = itertools.cycle(asks)

    def send(self, connection: http.client.HTTPConnection) -> int:
        return next(self._asks).send(connection)


class Load:
    """What these ask of a server on this machine, each over a connection of its own. `times` collects how long each
    answer took, in milliseconds."""

    def __init__(self, port: int, asks: Iterable[Ask]) -> None:
        self.port = port
        self.asks = list(asks)
        self.times: list[float] = []

    @classmethod
    def of(cls, port: int, path: str, headers: Mapping[str, str], clients: int = 4) -> "Load":
        return cls(port, [Ask(path, path, headers) for _ in range(clients)])

    def per_second(self, seconds: float) -> float:
        """Answers per second over so many seconds. Raises RuntimeError for an answer other than 200."""
        results: list[list[float]] = [[] for _ in self.asks]
        faults: list[str] = []
        began = time.perf_counter()
        until = began + seconds
        workers = [
            threading.Thread(target=self._ask, args=(ask, until, times, faults))
            for ask, times in zip(self.asks, results, strict=True)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        took = time.perf_counter() - began
        if faults:
            raise RuntimeError(faults[0])
        found = [figure for times in results for figure in times]
        self.times += found
        return len(found) / took

    def _ask(self, ask: Ask, until: float, times: list[float], faults: list[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_ANSWER)
        try:
            while not times or time.perf_counter() < until:
                began = time.perf_counter()
                status = ask.send(connection)
                if status != 200:
                    faults.append(f"{ask.path} answered {status}")
                    return
                times.append((time.perf_counter() - began) * 1000)
        except (OSError, http.client.HTTPException) as error:
            faults.append(f"{ask.path}: {error or type(error).__name__}")
        finally:
            connection.close()


def at_rate(
    port: int, asks: Sequence[Ask], *, per_second: float, seconds: float, chance: random.Random
) -> dict[str, list[float]]:
    """How long answers took, in milliseconds from the moment at which each was wanted, by what was asked.

    People do not wait for each other: requests come at random moments of that mean rate, whether or not earlier ones
    have been answered, and what waits for a free server is counted. Each of `asks` is asked by one client at a time;
    which one is next is drawn. Raises RuntimeError for an answer other than 200.
    """
    wanted: queue.SimpleQueue[float | None] = queue.SimpleQueue()
    free: queue.SimpleQueue[Ask] = queue.SimpleQueue()
    for ask in chance.sample(asks, len(asks)):
        free.put(ask)
    times: dict[str, list[float]] = {ask.what: [] for ask in asks}
    faults: list[str] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER)
        try:
            while (moment := wanted.get()) is not None:
                ask = free.get()
                status = ask.send(connection)
                times[ask.what].append((time.perf_counter() - moment) * 1000)
                connection.close()  # The next one opens another: a server keeps none for long that nobody uses.
                free.put(ask)
                if status != 200:
                    faults.append(f"{ask.path} answered {status}")
        except (OSError, http.client.HTTPException) as error:
            faults.append(str(error) or type(error).__name__)
        finally:
            connection.close()

    clients = [threading.Thread(target=client) for _ in asks]
    for each in clients:
        each.start()
    began = moment = time.perf_counter()
    while (moment := moment + chance.expovariate(per_second)) < began + seconds:
        time.sleep(max(0.0, moment - time.perf_counter()))
        wanted.put(moment)
    for _ in clients:
        wanted.put(None)
    for each in clients:
        each.join()
    if faults:
        raise RuntimeError(faults[0])
    return times


def percentile(times: Sequence[float], percent: int) -> float | None:
    """In milliseconds; None of fewer than two."""
    if len(times) < 2:
        return None
    return round(statistics.quantiles(times, n=100, method="inclusive")[percent - 1], 1)
