"""Audits of many clusters at once: `evaluations/fleet.py`, in small and with `-m long` in full size."""

import os

import pytest

from evaluations.fleet import CLUSTERS, DELAY, MOST_MEGABYTES, MOST_SECONDS, SERVICES, FleetRun, measure
from isvclog.report.audit.csv import HEADER

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="the memory is read from /proc")


def check(run: FleetRun, clusters: int, services: int) -> None:
    """Check that all clusters but the first one are in one table, whose rows of a cluster follow each other."""
    head, *rows = run.output.splitlines()
    assert head == ",".join(HEADER)
    contexts = [row.partition(",")[0] for row in rows]
    assert len(rows) == (clusters - 1) * services
    assert len([name for index, name in enumerate(contexts) if contexts[index - 1] != name]) == clusters - 1
    assert "cluster-01" in contexts
    assert (run.exit_code, run.errors.count("error:")) == (3, 1)
    assert "cluster-00: `http://127.0.0.1:" in run.errors
    assert "did not answer in time" in run.errors
    assert run.megabytes < MOST_MEGABYTES


def test_one_cluster_that_cannot_be_reached_and_a_slow_one_keep_no_other_waiting() -> None:
    run = measure(4, 10, 0.1, "-o", "csv", "--request-timeout", "2s")
    check(run, 4, 10)


@pytest.mark.long
def test_twenty_clusters_of_five_hundred_services(request: pytest.FixtureRequest) -> None:
    if "long" not in request.config.getoption("-m"):
        pytest.skip("takes half a minute; select it with -m long")
    run = measure(CLUSTERS, SERVICES, DELAY, "-o", "csv")
    check(run, CLUSTERS, SERVICES)
    assert run.seconds < MOST_SECONDS, run.seconds
