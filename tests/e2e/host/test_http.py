"""HTTP triggers over a real connection."""

from __future__ import annotations

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.e2e.host.process import APPS, RunningHost


def test_a_text_is_answered_as_plain_text(web: RunningHost) -> None:
    response = web.http.get("/api/hello", params={"name": "Grüße"})
    assert (response.status_code, response.text) == (200, "hello Grüße")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_function_sees_the_request_as_on_azure(web: RunningHost) -> None:
    response = web.http.put("/api/ECHO/a%2Fb%20c?x=1&x=2&empty=&y=%C3%A9", content=b"12345", headers={"x-asked": "yes"})
    assert response.json() == {
        "method": "PUT",
        "url": str(response.request.url),
        "params": {"x": "1,2", "y": "é"},
        "route": {"a": "a%2Fb c"},
        "header": "yes",
        "size": 5,
    }


def test_the_rest_of_a_path_can_be_a_parameter(web: RunningHost) -> None:
    assert web.http.get("/api/files/a/b.txt").text == "a/b.txt"
    assert web.http.get("/api/files").text == ""


def test_forms_and_files_are_decoded(web: RunningHost) -> None:
    response = web.http.post("/api/form", data={"a": "1"}, files={"note": ("note.txt", b"hi")})
    assert response.json() == {"fields": {"a": "1"}, "files": {"note": "hi"}}


def test_a_route_defaults_to_the_name_and_the_context_tells_about_the_call(web: RunningHost) -> None:
    first = web.http.get("/api/unnamed", headers={"traceparent": "00-1-2-01"}).json()
    second = web.http.post("/api/unnamed").json()
    assert (first["name"], first["trace"], second["trace"]) == ("unnamed", "00-1-2-01", "")
    assert first["id"] != second["id"]
    assert first["cwd"] == str(APPS / "web")


def test_headers_status_and_each_cookie_come_back(web: RunningHost) -> None:
    response = web.http.get("/api/page")
    assert (response.status_code, response.text) == (203, "<p>Grüße</p>")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    cookies = [value for name, value in response.headers.multi_items() if name == "set-cookie"]
    assert [cookie.partition(";")[0] for cookie in cookies] == ["session=1", "theme=dark"]
    assert "HttpOnly" in cookies[0]


def test_head_is_served_where_it_is_declared_without_a_body(web: RunningHost) -> None:
    response = web.http.head("/api/page")
    assert (response.status_code, response.content) == (203, b"")
    assert response.headers["content-length"] == str(len("<p>Grüße</p>".encode()))


def test_no_answer_is_204(web: RunningHost) -> None:
    assert web.http.delete("/api/nothing").status_code == 204


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/none"), ("POST", "/api/hello"), ("HEAD", "/api/hello"), ("GET", "/")]
)
def test_what_no_function_serves_is_404(web: RunningHost, method: str, path: str) -> None:
    assert web.http.request(method, path).status_code == 404


def test_the_methods_that_a_path_does_serve_are_named(web: RunningHost) -> None:
    assert web.http.post("/api/page").text == "No function serves POST here; this path serves GET, HEAD.\n"


def test_a_failing_function_is_500_and_tells_the_log_only(web: RunningHost) -> None:
    response = web.http.get("/api/broken")
    assert (response.status_code, response.text) == (500, "broken failed; the host's log says why.\n")
    assert web.logged("RuntimeError: a secret in the message")


def test_an_answer_of_a_wrong_type_is_named_in_the_log(web: RunningHost) -> None:
    assert web.http.get("/api/wrong").status_code == 500
    assert web.logged("an HTTP function returns an HttpResponse, a str or None, not dict")


@pytest.mark.parametrize(("path", "openers"), [("locked", {"functions", "master"}), ("vault", {"master"})])
def test_levels_need_their_keys(web: RunningHost, path: str, openers: set[str]) -> None:
    assert web.http.get(f"/api/{path}").status_code == 401
    by_query = {name for name, key in web.keys.items() if web.http.get(f"/api/{path}", params={"code": key}).is_success}
    headers = {name: {"x-functions-key": key} for name, key in web.keys.items()}
    by_header = {name for name, header in headers.items() if web.http.get(f"/api/{path}", headers=header).is_success}
    assert by_query == by_header == openers


def test_synchronous_functions_run_side_by_side(web: RunningHost) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert [answer.text for answer in pool.map(lambda _: web.http.get("/api/meet"), range(2))] == ["met", "met"]


def test_asynchronous_functions_share_one_loop(web: RunningHost) -> None:
    assert len({web.http.get("/api/loop").text for _ in range(3)}) == 1


def test_bodies_up_to_the_limit_arrive_and_larger_ones_are_413(web: RunningHost) -> None:
    limit = 100 * 1024 * 1024
    assert web.http.post("/api/echo/large", content=bytes(limit)).json()["size"] == limit
    connection = http.client.HTTPConnection(urlsplit(str(web.http.base_url)).netloc, timeout=10)
    connection.putrequest("POST", "/api/echo/larger")
    connection.putheader("Content-Length", str(limit + 1))
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.load(answer)["errors"] == [
        {"field": "body", "reason": "has more than 104,857,600 bytes, the most that is taken"}
    ]
    connection.close()


def test_a_caller_that_goes_away_harms_nobody(web: RunningHost) -> None:
    connection = http.client.HTTPConnection(urlsplit(str(web.http.base_url)).netloc, timeout=10)
    connection.putrequest("POST", "/api/echo/half")
    connection.putheader("Content-Length", "10")
    connection.endheaders(b"12345")
    connection.close()
    assert web.http.get("/api/hello").is_success


def test_the_log_names_the_template_and_never_the_path_or_the_query(web: RunningHost) -> None:
    web.http.post("/api/echo/a-token?code=a-key")
    assert web.logged("POST /api/echo/{a}/{b?} 200")
    assert not any("a-token" in line or "a-key" in line for line in web.log)


def test_many_requests_at_once_are_all_answered(web: RunningHost) -> None:
    start = threading.Barrier(8)

    def ask(_: int) -> set[int]:
        start.wait()
        return {web.http.get("/api/hello").status_code for _ in range(25)}

    with ThreadPoolExecutor(8) as pool:
        assert set.union(*pool.map(ask, range(8))) == {200}
