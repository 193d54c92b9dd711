"""Words with a capital that are no names: what the vocabulary has, and what clinical prose writes with one."""

from functools import lru_cache

from casereport.files.paths import DATA
from casereport.privacy.rules.parts import COMMON
from casereport.privacy.rules.regions import REGIONS
from casereport.quantities.vocabulary import ANALYTES, INTERVENTIONS

_TERMS = frozenset(
    word
    for line in (
        # heads of sections, tables and cells
        "Abstract Introduction Methods Results Conclusion Conclusions Discussion References Acknowledgements",
        "Background",
        "Timeline Patient Patients Information Clinical Findings Diagnostic Therapeutic Intervention Follow Outcomes",
        "Outcome Perspective Consent Informed Written Figure Figures Table Tables Supplement Appendix Section Chapter",
        "Box Panel Note Notes Source Text Day Days Week Weeks Month Months Hour Hours Session Sessions Visit Phase",
        "Cycle",
        "Baseline Admission Discharge Case Cases Report Reports Series Study Trial Review Guideline Guidelines",
        "Declaration Statement Committee Board Ethics Department Unit Ward Clinic Hospital University Institute School",
        "Faculty Center Centre Service Ministry Organization Organisation World National International European",
        "Society",
        "Association Commission Agency Foundation Council Academy College Royal American Journal Doctor Nurse",
        "Professor",
        "Treatment Therapy Dose Route Grade Stage Class Type Group Level Score Scale Index Scores Questionnaire",
        "Inventory",
        "Test Tests Assay Criteria Classification Definition Protocol Procedure Program Programme Version Method Model",
        "Normal Abnormal Positive Negative High Low Mild Moderate Severe Critical Acute Chronic Primary Secondary",
        "Early",
        "Late Left Right Upper Lower Anterior Posterior Medial Lateral Male Female Yes None Unknown Total Mean Median",
        "Blood Serum Plasma Urine Sputum Stool Swab Tissue Bone Brain Breast Chest Heart Liver Lung Lungs Kidney Skin",
        "Stem Cell Cells Mesenchymal Convalescent Stromal Umbilical Cord Marrow White Red Count Counts Platelets",
        "Pressure Rate Temperature Oxygen Saturation Respiratory Cardiac Renal Hepatic Ringer Gram Doppler Apgar",
        "Glasgow",
        "Coma Hamilton Beck Barthel Karnofsky Katz Naranjo Child Pugh Kaplan Meier Mann Whitney Wilcoxon Fisher",
        "Student",
        "Cohen Bonferroni Hedges Kendall Spearman Pearson Poisson Bayes Bayesian Gauss Markov Monte Carlo Cox Welch",
        "Kruskal Wallis Chi Square Likert Foley Swan Ganz Trendelenburg Fowler Kirschner Hounsfield Golgi Kupffer",
        "Langerhans Purkinje Schwann Sternberg Epstein Barr Parkinson Alzheimer Hodgkin Crohn Graves Addison Cushing",
        "Down Turner Marfan Wilson Bell Murphy Babinski Romberg Virchow Baker Colles Dupuytren Heberden Kaposi Ewing",
        "Wegener Takayasu Kawasaki Lyme Huntington Sjögren Behçet Raynaud Hashimoto Billroth Whipple Hartmann Rett",
        "Escherichia Candida Staphylococcus Streptococcus Klebsiella Pseudomonas Aspergillus Mycobacterium Salmonella",
        "Clostridioides Clostridium Enterococcus Acinetobacter Haemophilus Legionella Mycoplasma Chlamydia",
        "Helicobacter",
        "Listeria Neisseria Borrelia Treponema Plasmodium Toxoplasma Cryptococcus Pneumocystis Bacteroides Proteus",
        "Serratia Enterobacter Ebola Zika Nile Marburg Coxsackie Hantaan Norwalk Dengue Influenza Omicron Delta Alpha",
        "Beta Gamma Moderna Pfizer Novavax AstraZeneca Sinovac Roche Abbott Siemens Philips Novartis Bayer Merck",
        "Sanofi",
        # words that only a sentence's begin makes large, and languages, days, months and tools
        "The This That These Those There Then Thus However Although While When Where Which What Who Whose Why How",
        "His Her",
        "Its Their Our Your She They We You He It If In On At By For From Of To With Without Within Under Over After",
        "Before",
        "During Since Until Between Among About Against Because But And Or Nor So As Is Are Was Were Be Been Has Had",
        "Have",
        "Do Does Did May Might Can Could Shall Should Will Would Must Not No Any All Both Each Every Some Such Same",
        "Other",
        "Another One Two Three Four Five Six Seven Eight Nine Ten First Second Third Last Next More Most Less Least",
        "Few",
        "Many Much Only Also Here Now Today Later Finally Initially Subsequently Currently Written Good Practice",
        "Python",
        "Mr Mrs Ms Dr Prof Bence Jones GraphPad Prism Stata Matlab Excel Evita Dräger Healthcare Architect Cobas",
        "Depression",
        "Postnatal Sister Situ Lancet Disease Crate JupyterLab Chagas Duke Ranson Tanner Mayo Light Disabilities",
        "Effect",
        "Synthesis Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June",
        "July August",
        "September October November December Christmas Easter Ramadan God Latin Excel Word Windows Linux Debian",
        "Jupyter",
        "Chromium GitHub Git Dask Pandas Zenodo Creative Commons CARE FHIR LOINC SNOMED UCUM OMOP Unicode Markdown",
    )
    for word in line.split()
)


# Towns that scales and definitions are named after.
_EPONYM_TOWNS = frozenset(
    word
    for line in (
        "Berlin Rome Milan Vancouver Helsinki Boston Rotterdam Manchester Toronto Framingham Bristol Bethesda Lugano",
        "Nottingham Gleason Edinburgh Oxford Cambridge Tokyo Vienna Barcelona Philadelphia Minnesota Dallas Sydney",
    )
    for word in line.split()
)


@lru_cache
def _known() -> frozenset[str]:
    """Every word of the project's analytes and interventions, in small letters, with the terms above."""
    words: set[str] = {word.lower() for word in _TERMS | _EPONYM_TOWNS | COMMON}
    for name in (ANALYTES, INTERVENTIONS):
        text = (DATA / name).read_text(encoding="utf-8") if (DATA / name).is_file() else ""
        words.update(word for word in "".join(c if c.isalpha() else " " for c in text.lower()).split() if len(word) > 2)
    return frozenset(words)


def is_term(word: str) -> bool:
    """True for a word of the vocabulary or of clinical prose, a country or a province: no name of a person or town."""
    return word in REGIONS or word.removesuffix("'s").lower() in _known()


def is_no_town(word: str) -> bool:
    """True for such a word, but for a town that a scale is named after: one may live there."""
    return is_term(word) and word not in _EPONYM_TOWNS
