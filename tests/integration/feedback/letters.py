"""Mails as other people's servers and programs write them, each about one message of ours."""

from __future__ import annotations

from shared.domain.effect import STATES
from shared.domain.returns import sign_return
from shared.domain.scope import Scope

KEYS = {"1": b"l" * 32}
assert STATES


def name(scope: Scope, campaign: str, key: str, attempt: int = 1) -> str:
    return sign_return(scope, campaign, key, attempt, KEYS)


def bounce(
    to: str, status: str, returned: str = "", action: str = "failed", recipient: str = "other@people.example"
) -> bytes:
    """A delivery report (RFC 3464) that names somebody else's address, as a liar's would."""
    return f"""Return-Path: <>\r
From: Mail Delivery System <MAILER-DAEMON@mx.example>\r
To: <{to}>\r
Subject: Undelivered Mail Returned to Sender\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status;\r
\tboundary="9B095B5ADSN=_01D"\r
\r
This is a MIME-encapsulated message.\r
\r
--9B095B5ADSN=_01D\r
Content-Type: text/plain; charset=us-ascii\r
\r
I'm sorry to have to inform you that your message could not be delivered.\r
\r
--9B095B5ADSN=_01D\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example\r
Arrival-Date: Tue, 2 Mar 2027 09:00:00 +0000\r
\r
Final-Recipient: rfc822; {recipient}\r
Action: {action}\r
Status: {status}\r
Diagnostic-Code: smtp; 550 {status} said so\r
\r
--9B095B5ADSN=_01D\r
Content-Type: text/rfc822-headers\r
\r
From: Praxis <hallo@example.org>\r
{returned}Subject: Spring\r
\r
--9B095B5ADSN=_01D--\r
""".encode()


def complaint(returned: str, kind: str = "abuse") -> bytes:
    """A feedback report (RFC 5965)."""
    return f"""From: <feedback@isp.example>\r
To: <abuse@example.org>\r
Subject: FW: Spring\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=feedback-report; boundary=part1\r
\r
--part1\r
Content-Type: text/plain\r
\r
This is an abuse report.\r
--part1\r
Content-Type: message/feedback-report\r
\r
Feedback-Type: {kind}\r
User-Agent: SomeGenerator/1.0\r
Version: 1\r
Original-Rcpt-To: <somebody-else@people.example>\r
\r
--part1\r
Content-Type: message/rfc822\r
Content-Disposition: inline\r
\r
From: Praxis <hallo@example.org>\r
{returned}Subject: Spring\r
\r
Hello\r
--part1--\r
""".encode()


def reply(answers: str, **headers: str) -> bytes:
    """A person's answer, or with the right headers a machine's."""
    more = "".join(f"{field.replace('_', '-')}: {value}\r\n" for field, value in headers.items())
    return f"""From: Ann <ann@people.example>\r
To: <hallo@example.org>\r
Subject: Re: Spring\r
Message-ID: <reply@people.example>\r
In-Reply-To: <{answers}@example.org>\r
{more}\r
Yes please\r
""".encode()
