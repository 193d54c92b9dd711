"""Words with a capital that are no names: what the vocabulary has, and what clinical prose writes with one."""

import re
from functools import lru_cache

from casereport.files.paths import DATA
from casereport.privacy.name_lists import GIVEN_IN_PROSE
from casereport.privacy.rules.medical_names import EPONYMS, ORGANISMS, PRODUCTS
from casereport.privacy.rules.parts import COMMON
from casereport.privacy.rules.regions import REGIONS
from casereport.quantities.vocabulary import ANALYTES, INTERVENTIONS

_TERMS = frozenset(
    word
    for line in (
        # heads of sections, tables and cells
        "Introduction Methods Results Conclusion Conclusions Discussion References Acknowledgements Background",
        "Timeline Findings Written Figure Figures Tables Appendix Chapter Box Panel Text Week Hour Hours Session",
        "Sessions Cycle Baseline Cases Reports Series Trial Guideline Guidelines Declaration Statement Committee Board",
        "Ethics Department Ward Institute School Faculty Center Centre Service Ministry Organization Organisation",
        "World Association Commission Agency Foundation Academy Journal Doctor Nurse Professor Dose Grade Stage Level",
        "Questionnaire Inventory Criteria Protocol Program Programme Version Model Negative Mild Moderate Critical",
        "Late Anterior Posterior Medial Lateral Yes Unknown Sputum Stool Swab Breast Gram Doppler Apgar Hamilton Beck",
        "Barthel Karnofsky Katz Naranjo Child Pugh Kaplan Meier Mann Whitney Wilcoxon Fisher Student Cohen Bonferroni",
        "Hedges Kendall Spearman Pearson Poisson Bayes Bayesian Gauss Markov Monte Carlo Cox Welch Kruskal Wallis Chi",
        "Square Likert Foley Swan Ganz Trendelenburg Fowler Kirschner Hounsfield Golgi Kupffer Langerhans Purkinje",
        "Schwann Sternberg Epstein Barr Parkinson Alzheimer Hodgkin Crohn Graves Addison Cushing Down Turner Marfan",
        "Wilson Bell Murphy Babinski Romberg Virchow Baker Colles Dupuytren Heberden Kaposi Ewing Wegener Takayasu",
        "Kawasaki Lyme Huntington Sjögren Behçet Raynaud Hashimoto Billroth Whipple Hartmann Rett Ebola Zika Nile",
        "Marburg Coxsackie Hantaan Norwalk Dengue Omicron Moderna Pfizer Novavax AstraZeneca Sinovac Abbott Philips",
        "Novartis Bayer Merck Sanofi",
        # words that only a sentence's begin makes large, and languages, days, months and tools
        "Then Thus However Although While Where Whose Why Your You By Within Since Until Among Because Or Nor So As Is",
        "Were Be Been Had Do Did Might Could Shall Should Will Must Such Three Four Five Six Seven Eight Nine Third",
        "Last Next Most Less Few Much Only Now Today Later Finally Initially Subsequently Currently Good Practice",
        "Python Mr Mrs Ms Dr Prof Bence Jones GraphPad Prism Stata Matlab Excel Evita Dräger Architect Cobas",
        "Depression Postnatal Sister Situ Lancet Disease Crate JupyterLab Chagas Duke Ranson Tanner Disabilities",
        "Effect Synthesis Monday Tuesday Wednesday Thursday Friday Saturday Sunday February March June August",
        "September October November December Christmas Easter Ramadan God Word Windows Linux Debian Jupyter",
        # findings and parts of the body as notes write them
        "Brisk Soft Tender Clear Warm Cool Cold Hot Dry Moist Pale Pink Alert Awake Calm Sleep Asleep Plan Impression",
        "Power Tone Gait Reflex Reflexes Sensation Pupils Fundi Eyes Ears Nose Throat Neck Back Spine Abdomen Pelvis",
        "Limb Limbs Arm Arms Leg Legs Hands Foot Feet Hip Knee Ankle Shoulder Elbow Wrist Skull Face Head Mouth Tongue",
        "Teeth Jaw Bowel Bladder Prostate Uterus Ovary Ovaries Testis Spleen Pancreas Colon Rectum Stomach Aorta",
        "Joints Node Nodes Circulation Exposure Sats Obs Vitals Bloods Labs Scan Scans Film Films Image Images Views",
        "Control Controls Assistant Profile Letter Consult Unwell Well Poor Fair Gone Still Once Twice Always Often",
        "Started Stopped Continue Continued Held Seen Done Sent Awaiting Pending Await Repeat Recheck Chase Refer Rule",
        "Likely Probable Possible Suspected Old Recent Unusual Huge Tiny Fast Slow Work Social Family Past Present",
        "Problem Problems Issue Issues Risk Alcohol Tobacco Smoker Drug Drugs Allergy Allergies Meds Fluid Food Feed",
        "Feeds Bath Bed Chair Stick Frame Walk Walking Brother Mother Father Minuten Stunden Tage Tagen Wochen Monate",
        "Monaten Jahre Jahren Fieber Husten Patientin Patienten Kind Frau Mutter Vater Tochter Sohn Jack Access",
        "Advance Advanced Angle Approach Area Array Atlas Axis Basic Bundle Burden Cardiovascular Chamber Chain Change",
        "Chip Circle Collaboration Cohort Complete Core Country Course Cover Cross Crisis Daily Death Deficit Delay",
        "Digital Distress Dual Dye Effective Endpoint Enhanced Error Event Events Evidence Exam Exercise Expert",
        "Express Extended Final Finger Fixed Force Form Format Frequency Fundus Gel Gene Genes Genome Goal Great Guide",
        "Hemisphere Hybrid Impact Implant Insight Instrument Junction Key Kit Lamp Laser Law Layer Lead Length Lens",
        "Line Linear Load Loop Loss Macro Matrix Maximum Measure Medium Micro Minimum Minor Mode Module Monitor Motor",
        "Multi Mutation Needle Network Neuro Fig Figs Suppl Rep Refs Eq Fr Nos Ed Eds Nanog Road Null Nursing Order",
        "Organs Package Part Path Pathway Phantom Pilot Plane Plate Point Port Prime Process Quality Radio Rapid",
        "Record Region Register Relative Release Response Result Ring Role Root Round Sample Scheme Screen Search",
        "Sensor Septic Sequence Shared Side Signal Simple Single Size Smart Solid Solution Special Spectrum Spot Star",
        "Start Status Step Steps Stroke Structure Sub Subject Suite Survey Survival Syndrome Systems Task Team Tool",
        "Top Touch Tract Transfer Trauma Tree Trust Twin Ultra User Vector Vessel Video Visual Wall Wave Wire Zero",
        "Zone",
        # diseases as titles write them
        "Lupus Erythematosus Mellitus Rheumatica Gravis Gout Sepsis Migraine Angina Jaundice Eczema Malaria Cholera",
        "Typhoid Tuberculosis Syphilis Leprosy Anthrax Plague Scurvy Rickets Beriberi Cataract Glaucoma Epilepsy",
        "Dementia Delirium Autism Anorexia Bulimia Insomnia Hernia Ulcer Abscess Fistula Polyp Cyst Goitre Goiter",
        "Obesity Cough Headache Vertigo Nausea Fatigue Dyspnoea Dyspnea Oedema Edema Rash Pruritus Urticaria Vitiligo",
        "Alopecia Acne Rosacea Scabies Vera Minora Simplex Vulgaris",
        # peoples, beliefs and tongues, and makers of what everybody has
        "Arab Arabic Bengali Berber Bosnian Bulgarian Caucasian Hispanic Latino Latina Latinx Afro Cantonese Mandarin",
        "Catalan Croatian Czech Ethiopian Eritrean Filipino Filipina Ghanaian Gujarati Haitian Hausa Hebrew Hindi",
        "Hindu Hungarian Igbo Indonesian Inuit Iraqi Israeli Jamaican Jewish Kenyan Kurdish Lebanese Malay Malayali",
        "Maori Moroccan Muslim Islam Islamic Nepali Nepalese Nigerian Pakistani Pashtun Persian Peruvian Polynesian",
        "Punjabi Roma Romani Romanian Sikh Somali Somalian Sudanese Swahili Syrian Tamil Telugu Thai Tibetan Tunisian",
        "Turk Turks Ukrainian Urdu Uyghur Yoruba Zulu Buddhist Catholic Christian Protestant Orthodox Aboriginal",
        "Indigenous Bangladeshi Sinhalese Scandinavian Slavic Belgian Icelandic Lithuanian Latvian Estonian Albanian",
        "Serbian Facebook Google YouTube WhatsApp Zoom Skype Netflix Uber Twitter Instagram Amazon Apple Android",
        "Internet Medicare Medicaid GenBank PubMed Medline Embase Cochrane Kleenex Velcro Teflon Toyota Ford Honda",
        "Volvo Bull Coke Pepsi Guinness Olympic Olympics Nobel Bible Quran Koran Pkw Lkw Airbag Hausarzt Notarzt Tau",
        "Tagalog Ilocano Cebuano Twi Amharic Tigrinya Xhosa Shona Wolof Fula Oromo Kannada Marathi Odia Khmer Lao",
        "Burmese Samoan Tongan Islander Islanders Highlander Latex Peanut Peanuts Egg Eggs Soy Wheat Shellfish Nuts",
        "Pollen Theatre Theatres Resus Majors Minors Pharmacy Physio Maternity Neonatal Nursery Hospice Rehab Triage",
        "Reception Multidisciplinary Bart's Bart Laerdal Zimmer McDonald's",
        # what people work as
        "Manager Engineer Teacher Designer Coordinator Provider Attending Resident Intern Fellow Officer Driver Worker",
        "Farmer Farm Builder Carpenter Plumber Painter Welder Butcher Cleaner Cook Chef Waiter Waitress Clerk Cashier",
        "Secretary Accountant Lawyer Solicitor Judge Soldier Sailor Fisherman Hunter Miner Mechanic Technician",
        "Programmer Developer Director Owner Retired Retiree Pupil Housewife Homemaker Unemployed Librarian Musician",
        "Artist Singer Writer Journalist Translator Interpreter Caregiver Carer Patient's",
        # what notes write with a capital within a line
        "History Complaint Complaints Symptom Symptoms Onset Onsets Deficits Disorder Disorders Infarct Infarcts Palsy",
        "Palsies Droop Drift Ataxia Nodule Nodules Masses Margin Margins Territory Watershed Nucleus Ganglia Basal",
        "Brainstem Thalamus Adrenal Carotid Ductal Lacunar Recommend Recommends Recommended Consider Considered",
        "Consistent Consults Checks Shift Night Rounds Addendum Historian Daughter Son Wife Husband Parent Parents",
        "Appetite Intake Strength Nerves Fields Gaze Commands Risks Benefit Benefits Services Transport Window",
        "Strategy Strategies Lifestyle Regimen Courses Cycles Lines Chemo Immunotherapy Malignancy Malignant Benign",
        "Metastatic Metastases Metastasis Squamous Cigar Pipe Cigarette Cigarettes Marijuana Cannabis Cocaine Heroin",
        "Vape Denies Denied Appears Takes Lives Works Current Multiple Significant Remote Fine Precise Borderline",
        "Successful Successfully Resolved Managed Internal Changes Patch Biopsy Biopsies Acuity Prenatal Vitamins",
        "Terminus Basilar Software Compromise Emergent Urgent Elective Electronic Electronically Signature Signed",
        "Dictated Transcribed Verified Date Gender Race Ethnicity Hg York Corp License Java Uhr Hz kHz Technique",
        "Oracle Cerner Epic Bipolar Samaritans Campaign Anxiety Dependency Cath Casualty Act Acts Pouch Pt Pts",
        "Physician Consultant Consultants Cervical Ovarian Truncal Telemedicine Occupation Address Phone Mobile Email",
        "Kin Religion Marital Married Divorced Widowed Partner Pack Packs Drinks",
        # what stands about: departments in short, seasons, meals, animals, food and what everybody buys
        "Derm Rheum Gastro Haem Heme Onc Psych Gynae Gyn Paeds Peds Ortho Uro Cardio Endo Ophthal Maxfax Anaes",
        "Telestroke Multiforme Helicopter Police Fire Rescue Prison Mosque Synagogue Gym Shop Pub Bar Restaurant Hotel",
        "Airport Tunnel Motorway Winter Afternoon Midnight Noon Dusk Breakfast Lunch Dinner Supper Tea Coffee Wine",
        "Beer Vodka Whisky Gin Rum Ecstasy Speed Crack Spice Corona Flu Swine Cattle Sheep Goat Hamster Mouse Snake",
        "Spider Scorpion Wasp Mosquito Flea Lice Bedbug Dust Grass Ragweed Almond Cashew Hazelnut Walnut Mustard Prawn",
        "Crab Lobster Mussel Oyster Banana Kiwi Avocado Strawberry Tomato Potato Pasta Cheese Yoghurt Onion Jesus",
        "Allah Euro Dollar Rupee Naira Metre Celsius Ampere Becquerel Sievert Svedberg Avogadro Theta Epsilon Zeta",
        "Upsilon Congress Embassy Army Navy Marines Veterans Affairs Legion Crescent Rotary Lions Scouts Oxfam Unicef",
        "Amnesty Greenpeace Reddit Pinterest Snapchat Tinder Spotify Fitbit Garmin Samsung Huawei Nokia Sony Nintendo",
        "Xbox Minecraft Fortnite Lego Barbie Disney Pokemon Batman Superman Spiderman",
        # articles and heads of sentences in German, French, Spanish, Italian and Portuguese
        "Der Die Das Ein Eine Einer Eines Dem Den Des Es Er Sie Wir Bei Nach Vor Mit Kein Keine Bekannte Bekannter",
        "Zustand Aufnahme Entlassung Befund Anamnese Diagnose Therapie Verlauf Tag Klinik Arzt Ambulanz Stationär",
        "Telefon Telefax Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays Standards Fax Zespół Objaw",
        "Choroba Leitlinie Morbus Le La Les Un Une Du Au Aux Il Elle Ils Elles Nous Patiente Né Née Maladie Signe",
        "Lésion Traitement Bilan Examen El Las Una Se Su Sus Al Del Paciente Por Con Sin Tras Durante Enfermedad Signo",
        "Criterios Diagnóstico Tratamiento Dosis Lo Gli Uno Paziente Esame Terapia Os Um Uma Ele Ela Doente Doença",
        "Exame Na Ao Foi Hedgehog Chromium GitHub Git Dask Pandas Zenodo Creative Commons FHIR SNOMED UCUM OMOP",
        "Unicode Markdown",
        "Servicio Servicios Unidad Unidades Departamento Reparto Ospedale Medicina Interna Pronto Soccorso Urgencias",
        "Atención Primaria Centro Clínica Curante Chirurgo Chirurgia Torace Addome Encefalo Cuidados Intensivos",
        "Herr Frau Dipartimento Ambulatorio Antecedentes Pruebas Observation Clinique Suivi Antígeno Reparto Gennaio",
        "Cirugía Pediatría Obstetricia Resonancia Sindrome Síndrome Morbo Laboratorio Distretto Madame Mme Signore",
    )
    for word in line.split()
)


# Towns that scales and definitions are named after.
_EPONYM_TOWNS = frozenset(
    word
    for line in (
        "Berlin Rome Milan Vancouver Helsinki Boston Rotterdam Manchester Toronto Framingham Bristol Bethesda Lugano",
        "Los Angeles Nottingham Gleason Edinburgh Oxford Cambridge Tokyo Vienna Barcelona Philadelphia Minnesota",
        "Dallas Sydney Milwaukee Heidelberg Wiener Wien Pittsburgh Kyoto Atlanta Chicago Ottawa Geneva Montreal Prague",
        "Phoenix Liverpool Edmonton",
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
    return is_term(word) and not is_town(word)


# How words of medicine and of English prose end, and hardly ever a name that is not a frequent one.
_PROSE = re.compile(
    "(?:[ts]ion|penia|[a-z]ment|[bdefiklst]ness|derness|icity|[aeio]lity|[aeiou]rity|eous|ious|sive|tive|able|ible|log(?:y|ist|ical)|itis"
    "|[ao]sis|a?emia"
    "|[a-z]oma|path(?:y|ic)|graph(?:y|ic)?|scop(?:y|ic)|[ae]ctomy|plasty|otomy|ostomy|metry|trophy|plasia|megaly|i[sz]m"
    "|[nrtlc]ist|(?<!v)(?<![kj])ic|bral|eral|ntal|ctal|onal|rrent|[dst]ent|icant|ulant|orrh?age|(?<![jqmpx])ing|ated"
    "|[iy][sz]ed|[ctkpslnr]ed|ously|ally|tely|ntly|ance"
    "|ence|mab|[nt]ib|[a-z]vir|cillin|m[yi]cin|azole|[zp]ine|[td]ine|olol|pril|sartan|statin|parin|oxacin|cycline|caine"
    "|zepam|zolam|gliptin|gliflozin|glutide|platin|rubicin|taxel|[^as]ide|amide|[lnrt]ase|phen|[lt]ose|gram|oid|omic|ergic|phil"
    "|philia|uria|algia|rrho?ea|plegia|paresis|phasia|phagia|ectasis|lysis|genic|genous|ular|onary|atory|inary"
    "|[rtid]ics|ectal|inal"
    "|eal|ial|ual|[^g]ates?|ure|globin|terone|onium|ysis|cort|xaban|tropin|kinase|cyte|plast|derm|vascular|vaccine)s?$"
    # French, Italian, Spanish and Portuguese
    "|(?:log[ií]|graf[ií]|scop[ií]|metr[ií]|tom[ií]|plasti|pat[ií]|terapi|emi)as?$|(?:log|graph|scop|tom|path|thérap)ies?$"
    "|(?:[cs]i[oó]n|[cs]iones|[zs]ion[ei]|[çs]ão|miento|[ai]mentos?|idad|ité|[cm]icina|cill?ina|statina|globulin[aei]|tinina"
    "|azol[oe]?|[bc]ucil|xacin[oa]|ogramm?as?|ifène|mycine|cilline|sporine?a?|[a-z]{3}[oóeéaáiíuú](?:[nmgct]|tr|rg|st)ic(?:[ao]s?|he)"
    r"|[a-z]{4}osi|[a-z]{3}[co]lar[ei]s?|[a-z]{4}ntale|iche)$"
    "|(?:therapie|skopie|graphie|[kt]omie|ämie|urie|heit|keit|schaft|nahme|erkrankung|[a-z]{4}ung)(?:en)?$"
)


def is_medical(word: str) -> bool:
    """True for a term, and for what medicine names after somebody, an organism or a product, or a word of prose."""
    if word in GIVEN_IN_PROSE:
        return False
    known = word.removesuffix("'s").capitalize()
    return is_term(word) or is_eponym(word) or known in ORGANISMS or known in PRODUCTS or bool(_PROSE.search(known))


def is_town(word: str) -> bool:
    """True for a town that a scale is named after."""
    return word in _EPONYM_TOWNS


def is_eponym(word: str) -> bool:
    """True for whom a sign, a scale, a disease or an instrument is called after; it may be a person's name as well."""
    return word.removesuffix("'s").capitalize() in EPONYMS
