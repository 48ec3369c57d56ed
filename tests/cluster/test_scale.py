import time
import tracemalloc

from apisamples import service
from apiserver import ApiServer

from isvclog.cluster import INFERENCE_SERVICES, Cluster


def test_ten_thousand_services_are_read_in_pages(api: ApiServer, cluster: Cluster) -> None:
    api.add_all(service(f"s{number}", f"ns{number % 20}", annotations={"x": "y" * 1000}) for number in range(10_000))
    cluster.get(INFERENCE_SERVICES, "s0", "ns0")
    start = time.monotonic()
    tracemalloc.start()
    listing = cluster.list(INFERENCE_SERVICES)
    assert sum(1 for _ in listing) == 10_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.monotonic() - start < 30
    assert most < 12_000_000  # of 14 MB that all take as JSON; the server is counted in, the history is not
    assert len(api.requests) == 21
