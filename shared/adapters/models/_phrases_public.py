"""The built-in writer's phrases for what many read: posts, blog posts, pages, text messages. True of any offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.adapters.models._phrases import Angle, Phrases, Purpose
from shared.domain.voice import Register

Tones = Mapping[Register, Phrases]


@dataclass(frozen=True)
class PublicBook:
    """One language. `{short}` is the offer in a few words. Where a register has no entry, `warm` serves."""

    hook: Mapping[Angle, Tones]
    question: Tones
    opening: Mapping[Angle, Tones]
    lead: Mapping[Angle, Tones]
    closing: Mapping[Purpose, Tones]
    headings: tuple[tuple[str, str], ...]
    """Of what it is about, and of the details."""


ENGLISH = PublicBook(
    hook={
        "A": {
            "warm": ("{short}", "For you: {short}", "Have you seen this? {short}"),
            "formal": ("{short}", "For you: {short}"),
            "lively": ("Look at this: {short}", "Have you seen this? {short}", "{short}"),
        },
        "B": {
            "warm": ("Could this be for you? {short}", "Looking for something like this? {short}"),
            "formal": ("Of interest to you? {short}", "Could this be for you? {short}"),
            "lively": ("Does this sound like you? {short}", "Curious? {short}"),
        },
        "C": {
            "warm": ("At a glance: {short}", "The facts: {short}", "Good to know: {short}"),
            "formal": ("The essentials: {short}", "In summary: {short}"),
        },
        "D": {
            "warm": ("A short note: {short}", "In brief: {short}"),
            "formal": ("In brief: {short}",),
            "lively": ("Just so you know: {short}", "Short and sweet: {short}"),
        },
    },
    question={
        "warm": ("Could this be for you?", "Looking for something like this?"),
        "formal": ("Could this be of interest to you?",),
        "lively": ("Does this sound like you?", "Curious?"),
    },
    opening={
        "A": {
            "warm": ("Here is what it is about.", "We have something for you."),
            "formal": ("We are pleased to present the following to you.",),
            "lively": ("This might be just your thing!", "Here is what we have for you."),
        },
        "B": {"warm": ("Here is our answer.", "Read on and decide for yourself.")},
        "C": {
            "warm": ("Here are the facts, so that you can decide for yourself.", "What you should know, briefly."),
            "formal": ("The essentials, for your information.",),
            "lively": ("No long story, just the facts.",),
        },
        "D": {"warm": ("We will keep this short.",), "lively": ("Short and sweet.",)},
    },
    lead={
        "A": {
            "warm": ("Here you can read what we have for you and what you should know about it.",),
            "formal": ("Here you will find what we have for you and what you should know about it.",),
            "lively": ("Here comes what you should know!",),
        },
        "B": {
            "warm": ("Are you wondering whether this is for you? Read on and decide for yourself.",),
            "formal": ("Could this be of interest to you? Here is what you should know about it.",),
            "lively": ("Wondering whether this is for you? Let us find out!",),
        },
        "C": {
            "warm": ("The facts come first; what is behind them follows.",),
            "formal": ("The essentials come first; further information follows.",),
            "lively": ("No long story: the facts first!",),
        },
        "D": {"warm": ("We will keep this short.",), "lively": ("Short and sweet.",)},
    },
    closing={
        "attend": {
            "warm": ("We would love to see you there.", "We look forward to seeing you."),
            "formal": ("We would be pleased to welcome you.",),
            "lively": ("See you there?", "Come along, we would love to see you!"),
        },
        "buy": {
            "warm": ("Have a look, and take your time.", "Take a look and decide for yourself."),
            "formal": ("We look forward to your order.",),
            "lively": ("Have a look!", "Take a look around!"),
        },
        "talk": {
            "warm": ("We look forward to hearing from you.", "Would you like to talk about it? We are happy to."),
            "formal": ("We look forward to speaking with you.",),
            "lively": ("Let us talk!", "We cannot wait to hear from you!"),
        },
        "read": {
            "warm": ("Would you like to know more?", "Take a look and see for yourself."),
            "formal": ("We look forward to your interest.",),
            "lively": ("Curious? Take a look!",),
        },
    },
    headings=(
        ("What it is about", "What you should know"),
        ("In a few words", "The details"),
        ("The idea", "The facts"),
    ),
)

GERMAN = PublicBook(
    hook={
        "A": {
            "warm": ("{short}", "Für Sie: {short}", "Schon gesehen? {short}"),
            "formal": ("{short}", "Für Sie: {short}"),
            "lively": ("Für dich: {short}", "Schon gesehen? {short}", "{short}"),
        },
        "B": {
            "warm": ("Wäre das etwas für Sie? {short}", "Suchen Sie so etwas? {short}"),
            "formal": ("Für Sie von Interesse? {short}", "Wäre das etwas für Sie? {short}"),
            "lively": ("Wäre das etwas für dich? {short}", "Klingt das nach dir? {short}"),
        },
        "C": {
            "warm": ("Auf einen Blick: {short}", "Die Fakten: {short}", "Gut zu wissen: {short}"),
            "formal": ("Das Wesentliche: {short}", "Im Überblick: {short}"),
        },
        "D": {
            "warm": ("Kurz notiert: {short}", "In aller Kürze: {short}"),
            "formal": ("In aller Kürze: {short}",),
            "lively": ("Ganz kurz: {short}", "Kurz und gut: {short}"),
        },
    },
    question={
        "warm": ("Wäre das etwas für Sie?", "Suchen Sie so etwas?"),
        "formal": ("Für Sie von Interesse?",),
        "lively": ("Wäre das etwas für dich?", "Klingt das nach dir?"),
    },
    opening={
        "A": {
            "warm": ("Darum geht es.", "Wir haben etwas für Sie."),
            "formal": ("Wir freuen uns, Ihnen Folgendes vorzustellen.",),
            "lively": ("Wir haben da etwas für dich.", "Das könnte genau dein Ding sein!"),
        },
        "B": {
            "warm": ("Lesen Sie weiter und entscheiden Sie selbst.",),
            "lively": ("Lies weiter und entscheide selbst.",),
        },
        "C": {
            "warm": ("Hier sind die Fakten, damit Sie selbst entscheiden können.", "Das Wichtigste in Kürze."),
            "formal": ("Das Wesentliche zu Ihrer Information.",),
            "lively": ("Keine langen Reden, nur die Fakten.",),
        },
        "D": {"warm": ("Wir fassen uns kurz.",), "lively": ("Kurz und gut.",)},
    },
    lead={
        "A": {
            "warm": ("Hier lesen Sie, was wir für Sie haben und was Sie dazu wissen sollten.",),
            "formal": ("Hier finden Sie, was wir für Sie haben und was Sie dazu wissen sollten.",),
            "lively": ("Hier kommt alles, was du wissen musst!",),
        },
        "B": {
            "warm": ("Fragen Sie sich, ob das etwas für Sie ist? Lesen Sie weiter und entscheiden Sie selbst.",),
            "formal": ("Könnte das für Sie von Interesse sein? Was Sie dazu wissen sollten, steht hier.",),
            "lively": ("Fragst du dich, ob das etwas für dich ist? Lies weiter!",),
        },
        "C": {
            "warm": ("Zuerst die Fakten; alles Weitere folgt danach.",),
            "formal": ("Zuerst das Wesentliche; weitere Informationen folgen.",),
            "lively": ("Keine langen Reden: die Fakten zuerst!",),
        },
        "D": {"warm": ("Wir fassen uns kurz.",), "lively": ("Kurz und gut.",)},
    },
    closing={
        "attend": {
            "warm": ("Wir freuen uns auf Sie.", "Schön, wenn Sie dabei sind."),
            "formal": ("Wir würden uns freuen, Sie zu begrüßen.",),
            "lively": ("Bist du dabei?", "Komm vorbei, wir freuen uns auf dich!"),
        },
        "buy": {
            "warm": ("Schauen Sie es sich in Ruhe an.", "Entscheiden Sie selbst, ob es Ihnen gefällt."),
            "formal": ("Wir freuen uns auf Ihre Bestellung.",),
            "lively": ("Schau es dir an!", "Wirf einen Blick darauf!"),
        },
        "talk": {
            "warm": ("Wir freuen uns, von Ihnen zu hören.", "Möchten Sie darüber sprechen? Gern."),
            "formal": ("Wir freuen uns auf das Gespräch mit Ihnen.",),
            "lively": ("Lass uns reden!", "Wir freuen uns, von dir zu hören!"),
        },
        "read": {
            "warm": ("Möchten Sie mehr wissen?", "Sehen Sie selbst."),
            "formal": ("Wir freuen uns auf Ihr Interesse.",),
            "lively": ("Neugierig? Schau rein!", "Schau es dir an!"),
        },
    },
    headings=(
        ("Darum geht es", "Was man wissen sollte"),
        ("In Kürze", "Das Wichtigste dazu"),
        ("Die Idee", "Die Fakten"),
    ),
)

PUBLIC: Mapping[str, PublicBook] = {"en": ENGLISH, "de": GERMAN}
