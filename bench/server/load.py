"""Requests as fast as a server answers them, from a few threads that each keep their connection."""

import http.client
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Load:
    """GETs of one path of a server on this machine. `times` collects how long each answer took, in milliseconds."""

    port: int
    path: str
    headers: dict[str, str]
    threads: int = 4
    times: list[float] = field(default_factory=list)

    def per_second(self, seconds: float) -> float:
        """Answers per second over so many seconds. Raises RuntimeError for an answer other than 200."""
        results: list[list[float]] = [[] for _ in range(self.threads)]
        faults: list[str] = []
        began = time.perf_counter()
        until = began + seconds
        workers = [threading.Thread(target=self._ask, args=(until, times, faults)) for times in results]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        took = time.perf_counter() - began
        if faults:
            raise RuntimeError(f"{self.path}: {faults[0]}")
        found = [figure for times in results for figure in times]
        self.times += found
        return len(found) / took

    def _ask(self, until: float, times: list[float], faults: list[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            while not times or time.perf_counter() < until:
                began = time.perf_counter()
                connection.request("GET", self.path, headers=self.headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    faults.append(f"answered {answer.status}")
                    return
                times.append((time.perf_counter() - began) * 1000)
        except OSError as error:
            faults.append(str(error))
        finally:
            connection.close()
