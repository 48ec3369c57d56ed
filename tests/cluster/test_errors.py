import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from apisamples import pod
from apiserver import ApiServer

from isvclog.cluster import (
    INFERENCE_SERVICES,
    PODS,
    Access,
    Cluster,
    ClusterError,
    Forbidden,
    MissingKind,
    NotFound,
    Unauthorized,
    Unreachable,
    connect,
)
from isvclog.cluster.retries import pause

POD = "/api/v1/namespaces/ml/pods/a"
TOKEN = "t0ken-that-is-secret"


def refused(cluster: Cluster) -> ClusterError:
    """The error of asking for a pod."""
    with pytest.raises(ClusterError) as caught:
        cluster.get(PODS, "a", "ml")
    return caught.value


def test_credentials_that_are_not_accepted(api: ApiServer, connected: Any, tmp_path: Path) -> None:
    api.token = "right"
    error = refused(connected(kubeconfig=api.kubeconfig(tmp_path, user={"token": TOKEN})))
    assert type(error) is Unauthorized
    assert str(error) == "the server does not accept the credentials of context `test`. Log in again."
    assert error.status == 401
    assert error.exit_code == 3


def test_what_a_user_lacks_is_named(api: ApiServer, cluster: Cluster) -> None:
    api.forbid("pods", user="jane\x1b[31m")
    api.forbid("inferenceservices")
    error = refused(cluster)
    assert type(error) is Forbidden
    assert str(error) == (r"user `jane\x1b[31m` may not get Pod `ml/a`. Ask for a role that allows `get` on `pods`.")
    remedy = "Ask for a role that allows `list` on `inferenceservices.serving.kserve.io`."
    with pytest.raises(Forbidden) as caught:
        list(cluster.list(INFERENCE_SERVICES))
    what = "user `test-user` may not list `inferenceservices.serving.kserve.io` in all namespaces."
    assert str(caught.value) == f"{what} {remedy}"
    with pytest.raises(Forbidden, match=r"may not watch `inferenceservices.serving.kserve.io` in namespace `ml`"):
        list(cluster.watch(INFERENCE_SERVICES, "ml"))


def test_what_is_not_there(api: ApiServer, cluster: Cluster) -> None:
    assert str(refused(cluster)) == (
        "there is no Pod `ml/a` in context `test`. `kubectl get pods` lists those that exist."
    )
    api.uninstall("inferenceservices")
    asked: list[Callable[[], Any]] = [
        lambda: cluster.get(INFERENCE_SERVICES, "a", "ml"),
        lambda: list(cluster.list(INFERENCE_SERVICES)),
        lambda: list(cluster.watch(INFERENCE_SERVICES)),
        lambda: cluster.patch(INFERENCE_SERVICES, "a", "ml", []),
    ]
    for ask in asked:
        with pytest.raises(MissingKind) as caught:
            ask()
        assert isinstance(caught.value, NotFound)
        assert str(caught.value) == (
            "the server of context `test` has no `inferenceservices.serving.kserve.io` of version v1beta1."
            " Install KServe there, or choose another `--context`."
        )


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_server_is_asked_again(status: int, api: ApiServer, cluster: Cluster, pauses: list[float]) -> None:
    api.add(pod("a"))
    api.fail(POD, status, times=4)
    assert cluster.get(PODS, "a", "ml")
    assert len(pauses) == 4
    assert sum(pauses) <= 15
    assert pauses == sorted(pauses)
    api.fail(POD, status, times=-1)
    error = refused(cluster)
    assert error.status == status
    assert len(api.requests) == 10
    assert str(error).startswith(f"the server of context `test` refused to get Pod `ml/a` ({status} ")


@pytest.mark.parametrize(
    ("asked", "least", "most"), [("7", 7, 7), ("86400", 30, 30), ("0", 0.5, 1), ("Wed, 21 Oct 2026", 0.5, 1)]
)
def test_a_server_says_when_to_come_again(
    asked: str, least: float, most: float, api: ApiServer, cluster: Cluster, pauses: list[float]
) -> None:
    api.add(pod("a"))
    api.fail(POD, 429, headers={"Retry-After": asked})
    cluster.get(PODS, "a", "ml")
    assert least <= pauses[0] <= most


def test_pauses_are_bounded() -> None:
    for attempt in range(1, 100):
        assert 0.5 <= pause(attempt) <= 30
    assert pause(100) >= 15


@pytest.mark.parametrize("after", [-1, 0, 10])
def test_a_connection_that_is_cut_is_tried_again(
    after: int, api: ApiServer, cluster: Cluster, pauses: list[float]
) -> None:
    api.add(pod("a"))
    api.cut(POD, times=4, after=after)
    assert cluster.get(PODS, "a", "ml")
    assert len(pauses) == 4
    api.cut(POD, times=-1, after=after)
    error = refused(cluster)
    assert type(error) is Unreachable
    assert "cut the connection" in str(error)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"a": NaN}', b"9" * 5000]
)
def test_an_answer_that_is_no_object(body: bytes, api: ApiServer, cluster: Cluster) -> None:
    api.fail("/api/v1", 200, times=2, body=body)
    assert "cannot be read" in str(refused(cluster))
    with pytest.raises(ClusterError, match=r"cannot be read\. Check that it is an API server"):
        list(cluster.list(PODS))


@pytest.mark.parametrize("page", [{"items": {}, "metadata": {}}, {"items": []}, {"items": [], "metadata": []}])
def test_a_list_that_is_none(page: dict[str, Any], api: ApiServer, cluster: Cluster) -> None:
    api.fail("/api/v1", 200, body=page)
    with pytest.raises(ClusterError, match="cannot be read"):
        list(cluster.list(PODS))


@pytest.mark.parametrize("status", [301, 400, 405, 418, 599])
@pytest.mark.parametrize("body", [b"", b"<h1>s3cret", b'{"message": "s3cret", "reason": "no s3cret"}', b"[]"])
def test_any_other_refusal(status: int, body: bytes, api: ApiServer, cluster: Cluster) -> None:
    api.fail(POD, status, body=body, headers={"Location": "/elsewhere"})
    error = refused(cluster)
    assert error.status == status
    assert f"({status})" in str(error)
    assert "s3cret" not in str(error)
    assert len(api.requests) == 1


def test_a_slow_server(api: ApiServer, connected: Any) -> None:
    api.delay(POD, 2, times=-1)
    start = time.monotonic()
    error = refused(connected(timeout=0.1))
    assert time.monotonic() - start < 2
    assert type(error) is Unreachable
    assert "did not answer in time" in str(error)
    assert "`--request-timeout`" in str(error)


def test_a_server_that_answers_drop_by_drop(tmp_path: Path, connected: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        kubeconfig = _kubeconfig(tmp_path, url)

        listening.settimeout(5)

        def drip() -> None:
            connection = listening.accept()[0]
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                with suppress(OSError):
                    for _ in range(60):
                        connection.sendall(b"1\r\n \r\n")
                        time.sleep(0.05)

        thread = threading.Thread(target=drip)
        thread.start()
        start = time.monotonic()
        error = refused(connected(kubeconfig=kubeconfig, timeout=0.3))
        assert time.monotonic() - start < 2
        thread.join()
    assert "did not answer in time" in str(error)


def test_nobody_listens(tmp_path: Path, connected: Any, pauses: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://user:s3cret@127.0.0.1:{listening.getsockname()[1]}"
    cluster = connected(kubeconfig=_kubeconfig(tmp_path, url))
    error = refused(cluster)
    assert type(error) is Unreachable
    assert "refuses the connection" in str(error)
    assert "s3cret" not in str(error) + cluster.server
    assert pauses == []


def test_a_host_that_is_unknown(tmp_path: Path, connected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = refused(connected(kubeconfig=_kubeconfig(tmp_path, "http://nowhere.invalid")))
    assert "has a name that cannot be resolved" in str(error)


@pytest.mark.parametrize("fault", ["401", "403", "404", "422", "500", "cut", "malformed", "header", "slow"])
def test_no_secret_is_shown_or_logged(
    fault: str,
    api: ApiServer,
    connected: Any,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ISVCLOG_DEBUG", "1")
    caplog.set_level(logging.DEBUG)
    annotated = {"kind": "Status", "message": "annotation is s3cret", "reason": "s3cret value", "details": "s3cret"}
    if fault.isdigit():
        api.fail(POD, int(fault), times=-1, body=annotated)
    elif fault == "cut":
        api.cut(POD, times=-1)
    elif fault == "malformed":
        api.fail(POD, 200, body=b"s3cret")
    elif fault == "slow":
        api.delay(POD, 0.3)
    token = TOKEN + ("\r\nX: y" if fault == "header" else "")
    error = refused(connected(kubeconfig=api.kubeconfig(tmp_path, user={"token": token}), timeout=0.1))
    shown = "".join(traceback.format_exception(error)) + caplog.text
    assert "s3cret" not in shown
    assert TOKEN not in shown
    assert error.__suppress_context__ or error.__context__ is None


def test_an_ordinary_request_logs_no_secret(connected: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ApiServer(token=TOKEN, certificate=Path(__file__).parent / "tls" / "server.pem") as api:
        api.add(pod("a", annotations={"x": "s3cret"}))
        connected(kubeconfig=api.kubeconfig(tmp_path)).get(PODS, "a", "ml")
    assert "s3cret" not in caplog.text
    assert TOKEN not in caplog.text


def test_impersonation_of_a_user(api: ApiServer, connected: Any, tmp_path: Path) -> None:
    api.add(pod("a"))
    connected(user="jane", groups=("dev", "ops")).get(PODS, "a", "ml")
    fields = {"as": "joe", "as-groups": ["qa"], "as-uid": "7", "as-user-extra": {"Reason/x": ["a", "b"]}}
    connected(kubeconfig=api.kubeconfig(tmp_path, user=fields)).get(PODS, "a", "ml")
    sent = [{k: v for k, v in r.headers.items() if k.startswith("impersonate")} for r in api.requests]
    assert sent[0] == {"impersonate-user": ["jane"], "impersonate-group": ["dev", "ops"]}
    assert sent[1] == {
        "impersonate-user": ["joe"],
        "impersonate-group": ["qa"],
        "impersonate-uid": ["7"],
        "impersonate-extra-reason%2fx": ["a", "b"],
    }
    with pytest.raises(ClusterError, match="Add `--as`"):
        connect(Access(kubeconfig=api.kubeconfig(tmp_path), groups=("dev",)))


def _kubeconfig(folder: Path, url: str) -> str:
    """A kubeconfig for a server that is none of ours."""
    return ApiServer().kubeconfig(folder, cluster={"server": url})


@pytest.mark.parametrize(
    ("status", "message", "kind", "sentence"),
    [
        (
            403,
            "churn is forbidden: ValidatingAdmissionPolicy 'no-x' with binding 'b' denied request: SECRET",
            Forbidden,
            "the ValidatingAdmissionPolicy `no-x` refused to get Pod `ml/a`. Ask its owner what is allowed.",
        ),
        (
            422,
            "churn is invalid: : Invalid value: ValidatingAdmissionPolicy 'no-x' with binding 'b' denied: SECRET",
            Forbidden,
            "the ValidatingAdmissionPolicy `no-x` refused to get Pod `ml/a`.",
        ),
        (
            500,
            'Internal error occurred: failed calling webhook "guard.example.com": SECRET',
            Forbidden,
            "the server cannot call the admission webhook `guard.example.com`, and refused to get Pod `ml/a`.",
        ),
        (
            403,
            'users "bob" is forbidden: User "viewer" cannot impersonate resource "users" in API group "" SECRET',
            Unauthorized,
            "user `viewer` may not impersonate other users. Leave out `--as`",
        ),
        (403, "forbidden for a reason: SECRET", Forbidden, "refused to get Pod `ml/a` (403 Forbidden)."),
    ],
)
def test_who_refuses_is_named(
    status: int, message: str, kind: type[ClusterError], sentence: str, api: ApiServer, cluster: Cluster
) -> None:
    body = {"kind": "Status", "code": status, "message": message, "reason": "Forbidden"}
    api.fail(POD, status, times=9, body=body)
    with pytest.raises(kind) as caught:
        cluster.get(PODS, "a", "ml")
    assert sentence in str(caught.value)
    assert "SECRET" not in str(caught.value)


def test_a_timeout_of_the_server_is_not_waited_for_again(api: ApiServer, cluster: Cluster, pauses: list[float]) -> None:
    api.fail(POD, 504)
    with pytest.raises(ClusterError, match="504"):
        cluster.get(PODS, "a", "ml")
    assert pauses == []
