"""Whether Ayllu can be trusted: who the providers are, and what becomes of a number."""

from __future__ import annotations

import re

from bot.dialogue import asking, keywords
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import say

_ASKS = re.compile(
    r"\b((es|son|sera|esta) (muy |bien )?segur[oa]s?|seguridad|confiables?|de confianza|confiar|estafa"
    r"|es real|es verdad|de donde (sacan|salen|son|vienen|consiguen)"
    r"|quienes? (son|es)|las conocen|verificad[oa]s?|antecedentes)\b"
)


def tell(scene: Scene) -> Turn | None:
    """How providers are checked and numbers kept; None when nobody asks."""
    if not _ASKS.search(keywords.plain(scene.heard.text)):
        return None
    return asking.with_question(scene.conversation, say("about_trust"))
