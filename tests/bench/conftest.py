from collections.abc import Iterator

import pytest

from tests.browser.stack import Ground


@pytest.fixture(scope="package", autouse=True)
def _made_already(ground: Ground) -> Iterator[None]:
    """Benchmarks take as long to migrate a database, and to collect static files, as for all the rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BENCH_TEMPLATE", ground.template)
        patch.setenv("BENCH_STATIC", str(ground.static_root))
        yield
