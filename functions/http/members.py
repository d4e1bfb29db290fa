"""Rows of people and workspaces: who is let in, where, and by which link."""

from __future__ import annotations

from functions.http.registration import blueprint
from shared.access.route import Route

ROWS = (
    Route("GET", "/api/v1/workspaces", "workspaces:listing", "guest"),
    Route("POST", "/api/v1/workspaces", "workspaces:create", "owner"),
    Route("PATCH", "/api/v1/workspaces/{id}", "workspaces:change", "owner"),
    Route("GET", "/api/v1/setup", "workspaces:setup", "reader"),
    Route("GET", "/workspaces", "workspaces:page", "guest"),
    Route("POST", "/workspaces", "workspaces:create_form", "owner"),
    Route("POST", "/workspaces/{id}", "workspaces:change_form", "owner"),
    Route("POST", "/workspace", "workspaces:choose", "guest"),
    Route("GET", "/api/v1/me", "members:me", "guest"),
    Route("GET", "/api/v1/members", "members:listing", "inviter"),
    Route("POST", "/api/v1/members", "members:invite", "inviter"),
    Route("PATCH", "/api/v1/members/{id}", "members:change", "inviter"),
    Route("DELETE", "/api/v1/members/{id}", "members:revoke", "inviter"),
    Route("POST", "/api/v1/members/{id}/link", "members:renew", "inviter"),
    Route("GET", "/members", "member_pages:page", "inviter"),
    Route("POST", "/members", "member_pages:invite", "inviter"),
    Route("POST", "/members/{id}", "member_pages:change", "inviter"),
    Route("POST", "/members/{id}/revoke", "member_pages:revoke", "inviter"),
    Route("POST", "/members/{id}/link", "member_pages:renew", "inviter"),
    Route("POST", "/signout", "session:sign_out", "guest"),
    Route("POST", "/signin", "session:sign_in_form", "public"),
    Route("GET", "/api/i/{token}", "invitations:show", "public"),
    Route("POST", "/api/i/{token}", "invitations:accept", "public"),
)
bp = blueprint(ROWS)
