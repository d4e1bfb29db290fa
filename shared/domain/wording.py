"""What a writer, machine or built-in, hands in for one variant: plain texts in which personal fields may stand."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from shared.domain.formats import FormatName, Words, exchanged, named, ordered

TASK, PLAN_TASK, PIECE_TASK, PART_TASK = "campaign.draft", "piece.plan", "piece.write", "piece.part"
"""The prompts of writing, by name."""
BUILT_IN_WRITER = "built-in writer"
"""The name that the built-in writer signs with; anything else but a person is a model (rule A2)."""
BY_A_PERSON = "a person"
"""Who wrote words that no machine did."""


class Copy(BaseModel):
    """The copy of one mail. The call to action, the sender and the legal lines are not the writer's: they are added.

    `headline` may be empty; `points` are short facts, shown as a list; `language` is the one it is really written in;
    `notes` tell the approver what the writer could not do as asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    preheader: str
    headline: str
    greeting: str
    paragraphs: list[str]
    points: list[str]
    closing: str
    sign_off: str
    language: str
    notes: list[str]

    @property
    def format(self) -> FormatName:
        return "email"

    @property
    def words(self) -> Words:
        """Its parts by name, as `shared.domain.formats` names them."""
        return self.model_dump(exclude={"language", "notes"})

    def exchanged(self, where: str, text: str) -> Copy:
        """The same copy with one part (`subject`, `paragraphs.2`) said otherwise. Raises KeyError if there is none."""
        return self.model_copy(update=exchanged(self.words, where, text))

    def parts(self) -> list[tuple[str, str]]:
        """Every text that readers see, as (where, text), in reading order."""
        named = [("subject", self.subject), ("preheader", self.preheader), ("headline", self.headline)]
        body = [self.greeting, *self.paragraphs, *self.points, self.closing, self.sign_off]
        return [*named, *(("text", text) for text in body)]

    def mapped(self, change: Callable[[str], str]) -> Copy:
        """The same copy with every text that readers see changed."""
        texts = self.model_dump(exclude={"language", "notes"})
        return self.model_copy(
            update={
                name: [*map(change, text)] if isinstance(text, list) else change(text) for name, text in texts.items()
            }
        )


class ShortCopy(BaseModel):
    """The copy of a text message or a post: the parts of its format. The address of the call to action, the sender's
    name and the way to stop it are not the writer's: they are added."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: FormatName
    words: Words
    language: str
    notes: list[str]

    @field_validator("words")
    @classmethod
    def _of_the_format(cls, words: Words, info: ValidationInfo) -> Words:
        return ordered(info.data["format"], words) if "format" in info.data else words

    def exchanged(self, where: str, text: str) -> ShortCopy:
        """As `Copy.exchanged`."""
        return self.model_copy(update={"words": exchanged(self.words, where, text)})

    def parts(self) -> list[tuple[str, str]]:
        """Every text that readers see, as (part, text), in reading order."""
        return named(self.words)

    def mapped(self, change: Callable[[str], str]) -> ShortCopy:
        """The same copy with every text that readers see changed."""
        words = {
            name: [*map(change, said)] if isinstance(said, list) else change(said) for name, said in self.words.items()
        }
        return self.model_copy(update={"words": words})
