"""LaTeX in plain characters: no chat platform draws formulas, and most of those on flashcards can be read as a line.

What is not known here stays as it was written, without its backslash. Nothing fails.
"""

import re

_NAMES = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ",
    "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "times": "×", "cdot": "·", "div": "÷", "pm": "±", "mp": "∓", "ast": "∗", "circ": "∘", "bullet": "•",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "sim": "∼",
    "ll": "≪", "gg": "≫", "propto": "∝", "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cup": "∪",
    "cap": "∩", "emptyset": "∅", "forall": "∀", "exists": "∃", "neg": "¬", "land": "∧", "lor": "∨", "to": "→",
    "rightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐",
    "Leftrightarrow": "⇔", "implies": "⇒", "iff": "⇔", "mapsto": "↦", "sum": "∑", "prod": "∏", "int": "∫",
    "oint": "∮", "partial": "∂", "nabla": "∇", "infty": "∞", "ldots": "…", "dots": "…", "cdots": "⋯", "degree": "°",
    "angle": "∠", "perp": "⊥", "parallel": "∥", "prime": "′", "hbar": "ℏ", "ell": "ℓ", "Re": "ℜ", "Im": "ℑ",
    "rightleftharpoons": "⇌", "mid": "|", "vert": "|", "langle": "⟨", "rangle": "⟩", "quad": " ", "qquad": " ",
    "left": "", "right": "", "displaystyle": "", "limits": "",
}  # fmt: skip
_UP = dict(zip("0123456789+-=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_DOWN = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))

_OPEN, _CLOSE = "\ue000", "\ue001"  # braces that are meant to be seen, out of the way of those that group
_FIRST = (
    ("\\\\", "; "), ("&", ""), ("\\,", " "), ("\\;", " "), ("\\!", ""), ("\\{", _OPEN), ("\\}", _CLOSE),
)  # fmt: skip
_MARKS = {"∘": "°", "′": "′"}

_WRAPPER = re.compile(r"\\(?:text|math(?:rm|bf|it|bb|cal)|operatorname|text(?:bf|it)|vec|hat|bar)\{([^{}]*)\}")
_FRACTION = re.compile(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}")
_ROOT = re.compile(r"\\sqrt\{([^{}]*)\}")
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]*)\}|([^\s{}()\\^_]))")
_NAME = re.compile(r"\\([A-Za-z]+)")
_DEEPEST = 12


def readable(source: str) -> str:
    r"""A formula as one line of plain characters: `\frac{a+b}{2} \le x^2` is "(a+b)/2 ≤ x²"."""
    text = source
    for written, meant in _FIRST:
        text = text.replace(written, meant)
    text = _NAME.sub(lambda found: _NAMES.get(found[1], found[0]), text)
    for _ in range(_DEEPEST):  # the innermost braces first, so that what is nested is read from the inside out
        simpler = _simpler(text)
        if simpler == text:
            break
        text = simpler
    text = re.sub(r"\\([A-Za-z]+)", r"\1", text)
    text = re.sub(r"[{}\\]", "", text).replace(_OPEN, "{").replace(_CLOSE, "}")
    return " ".join(text.split())


def _simpler(text: str) -> str:
    text = _WRAPPER.sub(r"\1", text)
    text = _SCRIPT.sub(_script, text)
    text = _ROOT.sub(lambda found: "√" + _bracketed(found[1]), text)
    return _FRACTION.sub(lambda found: f"{_bracketed(found[1])}/{_bracketed(found[2])}", text)


def _script(found: re.Match[str]) -> str:
    """Raised and lowered characters where all of them exist, else `^(..)` and `_(..)`."""
    letters = _UP if found[1] == "^" else _DOWN
    inner = (found[2] if found[2] is not None else found[3]).strip()
    if all(letter in letters for letter in inner):
        return "".join(letters[letter] for letter in inner)
    if inner in _MARKS:
        return _MARKS[inner]
    return found[1] + (inner if len(inner) == 1 else f"({inner})")


def _bracketed(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 1 or text.isalnum() else f"({text})"
