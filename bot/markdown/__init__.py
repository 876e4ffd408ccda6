"""Card text, which is Markdown, as a tree that every renderer draws in its platform's own manner."""

from .plain_text import one_line, plain
from .reading import parse
from .tree import (
    MEDIA,
    MEDIA_NAME,
    Block,
    Break,
    Bullets,
    Code,
    CodeSpan,
    Emphasis,
    Formula,
    Heading,
    Image,
    InlineFormula,
    Link,
    Paragraph,
    Plain,
    Quote,
    Rule,
    Span,
    Strike,
    Strong,
    Table,
)
from .walking import pictures, walk
from .weighing import drawable
from .writing import cut, escape, pages
