"""The words of generated papers: real words at the head of the frequency ranking, and a long tail built from morphemes.

The frequencies follow Zipf's law with Mandelbrot's shift. In the tables of `Lexicon`, each word is repeated in
proportion to its frequency, so that one random index chooses a word.
"""

# ruff: noqa: SIM905 - lists of words are written as running text
from __future__ import annotations

from collections.abc import Callable, Sequence


def _each_once(words: str) -> list[str]:
    return list(dict.fromkeys(words.split()))


NOUNS = _each_once(
    "model models network networks learning data system systems field theory analysis method methods state states"
    " structure structures function functions graph graphs group groups space spaces algorithm algorithms estimation"
    " approach dynamics problem problems equation equations matter energy phase transition transitions detection"
    " equilibrium spectrum interaction interactions image images language languages representation representations"
    " prediction control optimization distribution galaxy galaxies star stars cluster clusters mass gas wave waves"
    " particle particles quark quarks boson neutrino neutrinos collision collisions decay scattering emission"
    " absorption radiation polarization rotation formation evolution survey telescope planet planets disk disks halo"
    " halos lattice superconductivity superconductor magnetism spin spins electron electrons photon photons phonon"
    " atom atoms molecule molecules quantum entanglement qubit qubits circuit circuits measurement measurements noise"
    " channel channels code codes signal signals sensor sensors robot robots vehicle vehicles agent agents policy"
    " reward game games auction market markets price prices risk portfolio volatility return volume causality"
    " inference regression classification clustering segmentation recognition generation translation summarization"
    " retrieval reasoning dialogue question answering speech text video vision scene motion pose depth camera cameras"
    " attention transformer transformers diffusion embedding embeddings kernel kernels gradient descent convergence"
    " bound bounds complexity approximation sampling inequality theorem proof conjecture algebra algebras manifold"
    " manifolds bundle bundles curve curves surface surfaces variety varieties cohomology homology category categories"
    " operator operators symmetry symmetries invariant invariants polynomial polynomials matrix matrices tensor"
    " tensors eigenvalue eigenvalues flow flows turbulence fluid fluids film films layer layers crystal crystals"
    " defect defects transport conductivity resistance temperature pressure density velocity acceleration gravity"
    " horizon inflation cosmology expansion background anisotropy lens lensing supernova supernovae pulsar pulsars"
    " burst bursts jet jets accretion hole holes wind winds dust cloud clouds molecule spectroscopy imaging microscopy"
    " tomography reconstruction compression transmission security privacy attack attacks defense verification"
    " software program programs compiler memory cache storage cloud server protocol protocols blockchain database"
    " query queries index search recommendation user users interface task tasks benchmark benchmarks dataset datasets"
    " evaluation metric metrics calibration uncertainty robustness fairness explanation feature features selection"
    " extraction fusion adaptation transfer distillation pruning quantization pretraining alignment feedback"
    " preference preferences prompt prompts token tokens context knowledge ontology concept concepts word words"
    " sentence sentences document documents topic topics population populations gene genes protein proteins cell"
    " cells tissue brain neuron neurons disease diseases patient patients treatment treatments trial trials vaccine"
    " epidemic epidemics infection mutation mutations species climate weather ocean soil forest river earthquake"
    " wavelet resonance resonances cavity cavities laser lasers pulse pulses fiber waveguide antenna amplifier"
    " nanotube nanotubes graphene insulator semiconductor semiconductors transistor battery catalyst polymer polymers"
    " colloid colloids glass liquid membrane vesicle droplet droplets foam fracture friction elasticity vibration"
    " stability instability bifurcation chaos attractor soliton solitons vortex vortices oscillation oscillations"
    " synchronization percolation diffusion walk walks tree trees hypergraph coloring matching partition partitions"
    " permutation permutations integer integers prime primes residue residues zeta modularity form forms module"
    " modules ring rings ideal ideals lattice semigroup automorphism automorphisms isomorphism deformation"
    " deformations singularity singularities foliation geodesic geodesics curvature metric metrics connection"
    " connections duality supersymmetry string strings brane branes instanton instantons monopole monopoles anomaly"
    " anomalies renormalization correlator correlators amplitude amplitudes loop loops vertex vertices flavor mixing"
    " oscillator hadron hadrons meson mesons baryon baryons nucleus nuclei isotope isotopes fission plasma plasmas"
    " tokamak confinement discharge detector detectors trigger calorimeter beam beams accelerator luminosity"
)
ADJECTIVES = _each_once(
    "neural quantum deep large optimal stochastic dynamic dynamical nonlinear linear random sparse robust efficient"
    " adaptive hierarchical multimodal generative causal probabilistic bayesian statistical topological geometric"
    " algebraic analytic harmonic spectral magnetic electric electronic optical thermal mechanical molecular atomic"
    " nuclear stellar galactic solar cosmic gravitational relativistic classical conformal supersymmetric chiral"
    " holographic thermodynamic elastic viscous turbulent compressible incompressible hyperbolic elliptic parabolic"
    " convex nonconvex discrete continuous finite infinite global local weak strong critical asymptotic exact"
    " approximate numerical computational experimental theoretical empirical automatic interactive collaborative"
    " distributed federated parallel online offline active passive supervised unsupervised semantic visual spatial"
    " temporal spatiotemporal contextual conversational clinical medical biological chemical physical social economic"
    " financial environmental urban mobile wireless digital analog hybrid integrated modular universal invariant"
    " equivariant symmetric asymmetric anisotropic isotropic homogeneous heterogeneous ordered disordered periodic"
    " aperiodic coherent incoherent ultrafast ultracold superconducting ferromagnetic antiferromagnetic metallic"
    " dielectric photonic plasmonic acoustic seismic atmospheric oceanic planetary interstellar intergalactic"
    " extragalactic primordial transient variable binary massive compact dark luminous faint early late rapid slow"
    " partial complete irreducible reducible nilpotent solvable abelian noncommutative commutative projective affine"
    " smooth singular rational irrational transcendental cyclic free bounded unbounded compactly monotone additive"
    " multiplicative recursive inductive deductive symbolic declarative procedural secure private trustworthy"
    " explainable interpretable reliable scalable lightweight unified general generalized modified improved novel"
    " simple minimal maximal extremal intrinsic extrinsic effective nonperturbative perturbative inclusive exclusive"
    " diffractive leptonic hadronic electroweak radiative semileptonic rare charmed heavy light neutral charged"
)
DOING = _each_once(
    "learning modeling understanding predicting detecting estimating measuring constraining probing exploring"
    " improving accelerating scaling training evaluating benchmarking aligning generating reconstructing segmenting"
    " classifying discovering extracting bounding computing counting classifying approximating optimizing controlling"
    " designing engineering simulating observing mapping tracing resolving revisiting rethinking characterizing"
    " quantifying unifying bridging combining integrating decomposing compressing denoising disentangling grounding"
    " leveraging exploiting enabling enhancing mitigating"
)

_ROOTS = _each_once(
    "spectr therm neur graph magnet phon phot crystal hydr electr chrom cyt morph top metr dynam kinet chem bi gen"
    " ax ep iso hol syn par meta hetero hom lex sem synt phonet gramm log arithm calcul vect tens matr determin"
    " permut combin fact prim modul lattic order categor funct transform project affin sympl complex contact"
    " foli fibr cohom homot simplic polyt convex concav tess fract erg mix recurr transi stat renew queu bran"
    " percol diffus vis elast plast rheo trib acoust opt refract diffract interfer polar las mas cav wav sol"
    " vort turb conv advect rot shear strat bar thermo geo litho hydro cryo atmo aero iono helio stell galact"
    " nebul pulsar quas cosm infl lens grav relativ metric hor sing bran string twist inst monop gaug chir flav"
    " lept quark hadr mes bary nucle isot fiss fus plasm tok conf discharg detect calor trigg acceler lumin"
    " qubit entangl decoher measur teleport crypt secur priv auth hash block chain ledger cach pipel compil pars"
    " typ term rewrit verif synth debug profil schedul alloc migrat virtual contain orchestr serv stream batch"
    " quer index join shard replic consens byzant gossip overl rout mult broadc spectrum beam anten equal cod"
    " decod modul compress quant sparsif prun distill regular normal activ attent embed token prompt retriev"
    " rank recommend cluster segment class label annot calibr ensemb boost bagg kern marg tree forest bayes"
    " vari infer sampl anneal evol swarm fuzz rough gran robot grasp locom navig plann percept localiz mapp"
    " track track pose gest face iris fing voic speak acoust prosod phonem dialog narr sentim emot stanc rum"
    " clin patholog onc cardi neuro derm radi tomo angi endosc genom proteom transcript metabol epigen microb vir"
    " vacc immun antib antig recept ligand enzym catal polym coll surf micell vesic membr lip pept nucl"
)
_PREFIXES = (
    "",
    "non",
    "quasi",
    "anti",
    "hyper",
    "micro",
    "multi",
    "pseudo",
    "semi",
    "sub",
    "super",
    "inter",
    "intra",
    "trans",
    "ultra",
    "pre",
    "post",
    "co",
    "de",
    "re",
    "bi",
    "tri",
    "poly",
    "nano",
    "macro",
    "meso",
    "neo",
    "proto",
    "para",
    "endo",
    "exo",
    "infra",
    "cross",
    "counter",
    "auto",
    "equi",
)
_NOUN_ENDINGS = (
    "ation ations icity ism on ons ometer ography ology ization oid osis ement ance ence or ors ion ions"
    " ality ability iness um a ure ases olysis ogenesis otropy ometry onics omics otype oform ostructure"
).split()
_ADJECTIVE_ENDINGS = (
    "al ic ical ous ive ary ational istic able ible oidal omorphic otropic ostatic odynamic ogenic ometric"
    " iform ular ational-like ant ent ified ized"
).split()
_SYLLABLES = (
    "al be cor di en fo gra hy in jo ka lu mo ne op pra qui ro sa te un vi wy xe yo za bri cle dra fla glo"
).split()
_TAGS = ("Net", "Former", "Bench", "LM", "GPT", "GAN", "Flow", "Mind", "CLIP", "Agent", "Eval", "QA", "Fusion", "Diff")
# The number of a built word is multiplied by this factor, so that successive words differ in their roots. The factor
# has no common divisor with the number of combinations of a root and an ending, so every combination occurs before one
# is repeated.
_STEP = 7_919
_VOWELS = "aeiou"


class Lexicon:
    """Tables of words: `nouns`, `adjectives` and `doing` for all subjects, and `of_subject` for each subject."""

    def __init__(self, random: Callable[[], float], subjects: int) -> None:
        self.nouns = table(noun, _NOUN_RANKS, _PLACES)
        self.adjectives = table(adjective, _ADJECTIVE_RANKS, _PLACES // 2)
        self.doing = table(DOING.__getitem__, len(DOING), 2_048)
        self.of_subject = [self._subject(random) for _ in range(subjects)]
        self._random = random

    def _subject(self, random: Callable[[], float]) -> tuple[list[str], list[str]]:
        """Tables of the nouns and adjectives of a subject: a random part of all words, in random order of frequency."""
        nouns = _mixed(NOUNS, [noun(int(random() ** 2.5 * 6_000)) for _ in range(_SUBJECT_WORDS)], random)
        built = [adjective(int(random() ** 2.5 * 3_000)) for _ in range(_SUBJECT_WORDS)]
        adjectives = _mixed(ADJECTIVES, built, random)
        return (
            table(nouns.__getitem__, len(nouns), 8_192),
            table(adjectives.__getitem__, len(adjectives), 4_096),
        )

    def rare(self) -> str:
        """Choose a rare noun. There are so many that the vocabulary grows with the number of papers."""
        return noun(_NOUN_RANKS + int(_FAR ** self._random()))

    def name(self) -> str:
        """Generate a name of a model or a data set, such as "KavelBench" or "OproNet-7B"."""
        random = self._random
        stem = "".join(_SYLLABLES[int(random() * len(_SYLLABLES))] for _ in range(2 + int(random() * 2)))
        tag = _TAGS[int(random() * len(_TAGS))] if random() < 0.7 else ""
        size = f"-{(1, 2, 3, 7, 13, 70)[int(random() * 6)]}B" if random() < 0.06 else ""
        return f"{stem.capitalize()}{tag}{size}"


# The tables contain only the words of the first ranks (the most frequent words), and have this many items. Other nouns
# are chosen by `Lexicon.rare`.
_NOUN_RANKS = 60_000
_ADJECTIVE_RANKS = 20_000
_PLACES = 262_144
_SUBJECT_WORDS = 800
# The largest rank of a rare noun, counted from the end of the table of nouns.
_FAR = 1_500_000
_EXPONENT = 1.05
_SHIFT = 2.7


def noun(rank: int) -> str:
    """The noun with this rank; the most frequent one has rank 0."""
    return NOUNS[rank] if rank < len(NOUNS) else _built(rank - len(NOUNS), _NOUN_ENDINGS)


def adjective(rank: int) -> str:
    """The adjective with this rank; the most frequent one has rank 0."""
    return ADJECTIVES[rank] if rank < len(ADJECTIVES) else _built(rank - len(ADJECTIVES), _ADJECTIVE_ENDINGS)


def table(word: Callable[[int], str], ranks: int, places: int) -> list[str]:
    """About `places` words: those of the first `ranks` ranks, each repeated in proportion to its frequency."""
    weights = [(rank + _SHIFT) ** -_EXPONENT for rank in range(ranks)]
    each = places / sum(weights)
    words: list[str] = []
    due = 0.0
    for rank, weight in enumerate(weights):
        due += weight * each
        if (count := int(due) - len(words)) > 0:
            words += [word(rank)] * count
    return words


def _built(number: int, endings: Sequence[str]) -> str:
    """Build a word from a root and an ending. Higher numbers also get a prefix, and still higher ones a second root."""
    plain = len(_ROOTS) * len(endings)
    level, at = divmod(number, plain)
    ending, root = divmod(at * _STEP % plain, len(_ROOTS))
    second, prefix = divmod(level, len(_PREFIXES))
    stem, end = _ROOTS[root], endings[ending]
    if end[0] in _VOWELS:
        stem = stem.rstrip(_VOWELS)
    middle = _ROOTS[(second * 31 + root) % len(_ROOTS)].rstrip(_VOWELS) + "o" if second else ""
    return f"{_PREFIXES[prefix]}{middle}{stem}{end}"


def _mixed(real: Sequence[str], built: Sequence[str], random: Callable[[], float]) -> list[str]:
    """Half of the `real` words and all `built` words, in random order. An eighth of the real words comes first."""
    chosen = _shuffled(real, random)[: len(real) // 2]
    ahead = len(chosen) // 4
    return list(dict.fromkeys(chosen[:ahead] + _shuffled([*chosen[ahead:], *built], random)))


def _shuffled(words: Sequence[str], random: Callable[[], float]) -> list[str]:
    # random.shuffle is not used, because Python does not promise that it returns the same order in every version.
    return [word for _, word in sorted((random(), word) for word in words)]
