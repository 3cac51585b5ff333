"""Papers with formulas, names and scripts that can be typed in several ways, and a query for each way."""

from __future__ import annotations

_VAE = r"Learning with a $\beta$-VAE of images"
_SIGMA = r"Events of a $\sigma$-algebra"
_NORM = r"Recovery with the $\ell_1$ norm"
_WATER = r"Absorption lines of H$_2$O in comets"
_LITERAL = "A β-VAE written in letters"
_HYDRO = "Emission of H₂CO in clouds"
_SPACES = r"Embeddings of $L^2(\mathbb{R}^n)$ and $\ell_\infty$"
_ALPHA = r"Running of $\alpha_s$ and $\Lambda$CDM"
_POETRY = "俳句と深層学習の研究"
_LANGUAGE = "大规模语言模型的推理能力"
_THAI = "การเรียนรู้เชิงลึกสำหรับภาพ"
_KATAKANA = "ニューラルネットワークによる画像認識"
_MIXED = "BERTを用いた文書分類"
_NAMES = "A paper of many names"
_KOREAN = "딥러닝 기반 영상 인식"
_CYRILLIC = "Внимание и глубокое обучение"

# The papers, with the fields of recto's own export format.
PAPERS: tuple[dict[str, object], ...] = tuple(
    {"doi": f"10.1000/seen.{number}", "bookmarked": None, "first_listed": None, **paper}
    for number, paper in enumerate(
        (
            {"title": _VAE},
            {"title": _SIGMA},
            {"title": _NORM, "abstract": r"We show that $\gamma$-convergence and CO$_2$ matter."},
            {"title": _WATER},
            {"title": _LITERAL},
            {"title": _HYDRO},
            {"title": _SPACES},
            {"title": _ALPHA},
            {"title": _POETRY},
            {"title": _LANGUAGE, "abstract": "我们研究了强化学习与人类反馈。"},
            {"title": _THAI},
            {"title": _KATAKANA},
            {"title": _MIXED},
            {
                "title": _NAMES,
                "authors": [
                    {"name": name}
                    for name in ("Łukasz Kaiser", "Søren Sørensen", "Đorđe Žižek", "王小明", "Halldór Þórsson")
                ],
            },
            {"title": _KOREAN},
            {"title": _CYRILLIC},
        )
    )
)
# A query, and the title of the paper that it must find.
CASES: tuple[tuple[str, str], ...] = (
    ("β-vae", _VAE),
    ("beta-vae", _VAE),
    ("βvae", _VAE),
    ("β vae images", _VAE),
    ("β-vae", _LITERAL),
    ("beta-vae", _LITERAL),
    ("βvae", _LITERAL),
    ("betavae", _VAE),
    ("σ-algebra", _SIGMA),
    ("sigma-algebra", _SIGMA),
    ("sigma algebra", _SIGMA),
    ("ℓ1", _NORM),
    ("ℓ_1", _NORM),
    ("l1 norm", _NORM),
    ("ell_1", _NORM),
    ("γ-convergence", _NORM),
    ("co2", _NORM),
    ("CO₂", _NORM),
    ("h2o", _WATER),
    ("H₂O", _WATER),
    ("H2O comets", _WATER),
    ("h2co", _HYDRO),
    ("H₂CO", _HYDRO),
    ("L²", _SPACES),
    ("l2", _SPACES),
    ("αs", _ALPHA),
    ("α_s", _ALPHA),
    ("alpha_s", _ALPHA),
    ("Λcdm", _ALPHA),
    ("lambda cdm", _ALPHA),
    ("深層", _POETRY),
    ("深層学習", _POETRY),
    ("学習", _POETRY),
    ("研究", _POETRY),
    ("俳句", _POETRY),
    ("语言模型", _LANGUAGE),
    ("推理", _LANGUAGE),
    ("能力", _LANGUAGE),
    ("强化学习", _LANGUAGE),
    ("人类反馈", _LANGUAGE),
    ("เชิงลึก", _THAI),
    ("ภาพ", _THAI),
    ("ネットワーク", _KATAKANA),
    ("画像認識", _KATAKANA),
    ("画像", _KATAKANA),
    ("文書分類", _MIXED),
    ("BERT", _MIXED),
    ("bert 分類", _MIXED),
    ("lukasz", _NAMES),
    ("kaiser łukasz", _NAMES),
    ("sorensen", _NAMES),
    ("Sørensen", _NAMES),
    ("dorde zizek", _NAMES),
    ("小明", _NAMES),
    ("王小明", _NAMES),
    ("thorsson", _NAMES),
    ("영상", _KOREAN),
    ("딥러닝", _KOREAN),
    ("внимание", _CYRILLIC),
    ("глубок", _CYRILLIC),
)
