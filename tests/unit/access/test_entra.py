"""Tokens of Entra ID, against an issuer on the loopback with TLS (rules S2, S3)."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from shared.access import easy_auth
from shared.access.entra import Entra, Identity
from shared.access.principal import Credentials, Request, authenticate
from shared.access.problem import Refusal
from shared.access.signing_keys import SigningKeys
from shared.adapters._http.fetch import fetch
from tests.servers.openid import AUDIENCE, DIRECTORY, PERSON, OpenId, openid, private_key
from tests.servers.smtp_strict import Authority, authority

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ELSEWHERE = "99999999-9999-9999-9999-999999999999"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def issuer(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenId]:
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.ca_file))
    with openid(trusted) as running:
        yield running


@pytest.fixture
def entra(issuer: OpenId) -> Entra:
    return Entra({DIRECTORY: "agency"}, [AUDIENCE], SigningKeys(issuer.url, fetch))


def refusal(entra: Entra, token: str, now: datetime = NOW) -> Refusal:
    with pytest.raises(Refusal) as refused:
        entra.checked(token, now)
    return refused.value


def test_rule_s2_a_token_says_who_calls_for_which_agency_and_as_what(entra: Entra, issuer: OpenId) -> None:
    assert entra.checked(issuer.token(NOW), NOW) == Identity(PERSON, "agency", frozenset({"operator"}))
    first = issuer.token(NOW, ver="1.0", iss=f"https://sts.windows.net/{DIRECTORY}/")
    assert entra.checked(first, NOW).tenant == "agency"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"aud": "another app"}, "Audience"),
        ({"aud": None}, "aud"),
        ({"iss": f"https://login.example/{DIRECTORY}/v2.0"}, "issuer"),
        ({"iss": f"https://sts.windows.net/{DIRECTORY}/"}, "issuer"),
        ({"tid": ELSEWHERE}, "tenant that is not let in"),
        ({"tid": None}, "tenant that is not let in"),
        ({"tid": ["x"]}, "tenant that is not let in"),
        ({"exp": int(NOW.timestamp()) - 61}, "is over"),
        ({"exp": None}, "exp"),
        ({"exp": "soon"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": -(10**400)}, "is over"),
        ({"nbf": int(NOW.timestamp()) + 61}, "not hold yet"),
        ({"nbf": None}, "nbf"),
        ({"oid": None}, "oid"),
        ({"oid": "ann@praxis.example\n"}, "oid"),
        ({"oid": "x" * 65}, "oid"),
    ],
)
def test_rule_s2_a_token_that_is_wrong_in_one_claim_is_refused(
    entra: Entra, issuer: OpenId, changed: dict[str, Any], reason: str
) -> None:
    problem = refusal(entra, issuer.token(NOW, **changed)).problem
    assert problem.status == 401
    assert reason in problem.detail
    assert problem.headers["WWW-Authenticate"] == 'Bearer realm="baton", error="invalid_token"'


def test_rule_s2_a_token_is_signed_with_rs256_and_a_key_that_the_issuer_shows(entra: Entra, issuer: OpenId) -> None:
    claims = issuer.claims(NOW)
    header, body, signature = issuer.token(NOW).split(".")
    changed = base64.urlsafe_b64encode(json.dumps({**claims, "roles": ["owner"]}).encode()).rstrip(b"=").decode()
    for token in (
        jwt.encode(claims, None, algorithm="none"),
        with_the_public_key_as_secret(claims),
        jwt.encode(claims, private_key("one"), algorithm="RS512", headers={"kid": "one"}),
        issuer.token(NOW, key="two", kid="one"),
        issuer.token(NOW, key="two"),
        f"{header}.{changed}.{signature}",
        f"{header}.{body}.",
        "a.b.c",
        "..",
    ):
        assert refusal(entra, token).problem.status == 401


def with_the_public_key_as_secret(claims: dict[str, Any]) -> str:
    public = private_key("one").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [json.dumps(each).encode() for each in ({"alg": "HS256", "typ": "JWT", "kid": "one"}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(each).rstrip(b"=") for each in parts)
    mac = base64.urlsafe_b64encode(hmac.digest(public, signed, "sha256")).rstrip(b"=")
    return (signed + b"." + mac).decode()


@given(st.text(max_size=200))
def test_whatever_comes_as_a_token_is_refused_and_nobody_is_asked(text: str) -> None:
    def nobody(address: str) -> bytes:
        raise AssertionError(address)

    entra = Entra({DIRECTORY: "agency"}, [AUDIENCE], SigningKeys("https://login.example", nobody))
    assert refusal(entra, text).problem.status == 401


def test_strangers_choose_no_address_that_is_asked(entra: Entra, issuer: OpenId) -> None:
    refusal(entra, issuer.token(NOW, tid="../../evil"))
    refusal(entra, issuer.token(NOW, tid=ELSEWHERE))
    assert issuer.asked == []


def test_rule_s2_keys_are_kept_and_a_new_one_is_found(entra: Entra, issuer: OpenId) -> None:
    for _ in range(3):
        entra.checked(issuer.token(NOW), NOW)
    assert len(issuer.asked) == 2
    issuer.shown = ["one", "two"]
    later = NOW + timedelta(minutes=6)
    assert entra.checked(issuer.token(later, key="two"), later)
    assert len(issuer.asked) == 4


def test_rule_s2_forged_key_ids_do_not_make_it_ask_again_and_again(entra: Entra, issuer: OpenId) -> None:
    entra.checked(issuer.token(NOW), NOW)
    for n in range(50):
        at = NOW + timedelta(seconds=n * 7)  # five minutes and fifty seconds
        refusal(entra, issuer.token(at, kid=f"forged-{n}"), at)
    assert len(issuer.asked) == 4


def test_rule_s2_a_key_that_was_taken_back_is_not_taken_for_ever(entra: Entra, issuer: OpenId) -> None:
    entra.checked(issuer.token(NOW), NOW)
    issuer.shown = ["two"]
    later = NOW + timedelta(hours=13)
    assert "does not show" in refusal(entra, issuer.token(later), later).problem.detail


def test_rule_s2_without_keys_it_says_so_and_asks_again_after_a_while(entra: Entra, issuer: OpenId) -> None:
    issuer.failing = True
    for _ in range(5):
        problem = refusal(entra, issuer.token(NOW)).problem
        assert (problem.status, problem.headers["Retry-After"]) == (503, "30")
    assert len(issuer.asked) == 1
    issuer.failing = False
    later = NOW + timedelta(seconds=30)
    assert entra.checked(issuer.token(later), later)


def test_an_outage_of_the_issuer_for_a_day_stops_nobody(entra: Entra, issuer: OpenId) -> None:
    entra.checked(issuer.token(NOW), NOW)
    issuer.failing = True
    later = NOW + timedelta(days=1)
    assert entra.checked(issuer.token(later), later)
    long_after = NOW + timedelta(days=2)
    assert refusal(entra, issuer.token(long_after), long_after).problem.status == 503


def test_an_issuer_whose_certificate_nobody_vouches_for_is_not_believed(
    entra: Entra, issuer: OpenId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority(tmp_path).ca_file))
    assert refusal(entra, issuer.token(NOW)).problem.status == 503


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"roles": ["owner", "Other.App"]}, {"owner", "Other.App"}),
        ({"roles": None}, set()),
        ({"roles": "owner"}, set()),
        ({"roles": ["owner", "viewer"], "scp": "user_impersonation"}, {"owner", "viewer"}),
        ({"roles": ["owner", "viewer"], "scp": "viewer profile"}, {"viewer"}),
        ({"roles": ["owner"], "scp": "profile"}, set()),
        ({"roles": ["owner"], "scp": ["user_impersonation"]}, set()),
    ],
)
def test_a_program_that_asks_for_a_person_may_no_more_than_its_scopes(
    entra: Entra, issuer: OpenId, claims: dict[str, Any], roles: set[str]
) -> None:
    assert entra.checked(issuer.token(NOW, **claims), NOW).roles == roles


def header(**claims: str) -> str:
    said = [{"typ": name.replace("__", "/"), "val": value} for name, value in claims.items()]
    said += [{"typ": "http://schemas.microsoft.com/identity/claims/tenantid", "val": DIRECTORY}]
    said += [{"typ": "http://schemas.microsoft.com/identity/claims/objectidentifier", "val": PERSON}]
    return base64.b64encode(json.dumps({"auth_typ": "aad", "role_typ": "roles", "claims": said}).encode()).decode()


def signed_in(entra: Entra, believed: bool, method: str = "GET", **headers: str) -> Any:
    request = Request(
        method, "https://agency.example/", {name.replace("_", "-"): text for name, text in headers.items()}
    )
    return authenticate(request, Credentials("owner's", {"1": b"k" * 32}, None, entra, believed), NOW)  # type: ignore[arg-type]


def test_rule_s3_what_easy_auth_says_is_believed_only_where_it_stands_in_front(entra: Entra) -> None:
    said = header(roles="manager")
    principal = signed_in(entra, True, x_ms_client_principal=said)
    assert (principal.name, principal.tenant) == (f"entra:{PERSON}", "agency")
    assert principal.permissions("main") >= {"manager"}
    with pytest.raises(Refusal) as refused:
        signed_in(entra, False, x_ms_client_principal=said, x_ms_client_principal_id=PERSON)
    assert refused.value.problem.status == 401


@pytest.mark.parametrize(
    "said", ["", "x", "e30=", *(base64.b64encode(each).decode() for each in (b'{"claims": [1]}', b"[" * 40_000)), "ÿ"]
)
def test_rule_s3_a_header_that_cannot_be_read_is_refused(entra: Entra, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        signed_in(entra, True, x_ms_client_principal=said)
    assert refused.value.problem.status == 401
    assert easy_auth.claims(header(roles="owner"))["roles"] == ["owner"]


def test_rule_s3_a_page_of_somebody_else_cannot_use_the_sign_in_of_the_platform(entra: Entra) -> None:
    said = header(roles="owner")
    assert signed_in(entra, True, "POST", x_ms_client_principal=said, sec_fetch_site="same-origin")
    for sent_by in ({"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}, {}):
        with pytest.raises(Refusal) as refused:
            signed_in(entra, True, "POST", x_ms_client_principal=said, **sent_by)
        assert refused.value.problem.code == "cross-site"
