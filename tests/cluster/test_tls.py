import base64
import tempfile
from pathlib import Path
from typing import Any

import pytest
from apisamples import pod
from apiserver import ApiServer

from isvclog.cluster import PODS, ClusterError, Unreachable

SERVER = Path(__file__).parent / "tls" / "server.pem"
EXPIRED = Path(__file__).parent / "tls" / "expired.pem"


def encoded(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()


def test_a_certificate_of_the_authority_is_trusted(tmp_path: Path, connected: Any) -> None:
    temporary = set(Path(tempfile.gettempdir()).iterdir())
    with ApiServer(certificate=SERVER) as api:
        api.add(pod("a"))
        for authority in ({"certificate-authority-data": encoded(SERVER)}, {"certificate-authority": str(SERVER)}):
            client = {"client-certificate-data": encoded(SERVER), "client-key-data": encoded(SERVER)}
            kubeconfig = api.kubeconfig(tmp_path, cluster=authority, user=client)
            assert connected(kubeconfig=kubeconfig).get(PODS, "a", "ml")
        assert connected(kubeconfig=api.kubeconfig(tmp_path, cluster={"insecure-skip-tls-verify": True})).get(
            PODS, "a", "ml"
        )
    left = set(Path(tempfile.gettempdir()).iterdir()) - temporary
    assert not [file for file in left if file.name.startswith("isvclog-")]


@pytest.mark.parametrize(
    ("certificate", "trusted", "said"),
    [
        (SERVER, EXPIRED, "has a certificate that is not trusted"),
        (SERVER, None, "has a certificate that is not trusted (`self-signed certificate`)"),
        (EXPIRED, EXPIRED, "has an expired certificate (`certificate has expired`). Renew it"),
    ],
)
def test_a_certificate_that_is_not_trusted(
    certificate: Path, trusted: Path | None, said: str, tmp_path: Path, connected: Any
) -> None:
    with ApiServer(certificate=certificate) as api:
        authority = {"certificate-authority-data": encoded(trusted)} if trusted else {}
        with pytest.raises(Unreachable) as caught:
            connected(kubeconfig=api.kubeconfig(tmp_path, cluster=authority)).get(PODS, "a", "ml")
        assert said in str(caught.value)


def test_a_server_without_tls(api: ApiServer, tmp_path: Path, connected: Any) -> None:
    url = api.url.replace("http:", "https:")
    with pytest.raises(Unreachable, match="does not accept a TLS connection"):
        connected(kubeconfig=api.kubeconfig(tmp_path, cluster={"server": url})).get(PODS, "a", "ml")


@pytest.mark.parametrize("data", ["bm90IGEgY2VydGlmaWNhdGU=", "*", "é", 7, ["x"]])
def test_data_that_is_no_certificate(data: Any, api: ApiServer, tmp_path: Path, connected: Any) -> None:
    for key in ("certificate-authority-data", "client-certificate-data"):
        both = {"server": "https://127.0.0.1:1", key: data, "client-key-data": data}
        with pytest.raises(ClusterError) as caught:
            connected(kubeconfig=api.kubeconfig(tmp_path, cluster=both, user=both))
        assert "bm90" not in str(caught.value)
