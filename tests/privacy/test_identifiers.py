"""What identifies a patient is found by its form, and what is clinical prose is left alone."""

import doctest

import pytest

from casereport.privacy import identifiers
from casereport.privacy.identifiers import REASONS, find, find_in_name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Admitted on 2020-03-12 with fever.", "2020-03-12"),
        ("Seen on 2020/3/12.", "2020/3/12"),
        ("Symptoms began on 12 March 2020.", "12 March 2020"),
        ("Symptoms began on March 12, 2020.", "March 12, 2020"),
        ("Symptoms began on 12th of March.", "12th of March"),
        ("CT of 12/03/2020 was worse.", "12/03/2020"),
        ("CT of 3/12/20 was worse.", "3/12/20"),
        ("CT of 12.03.2020 was worse.", "12.03.2020"),
        ("CT of 12-Mar-2020 was worse.", "12-Mar-2020"),
        ("CT of 12MAR2020 was worse.", "12MAR2020"),
        ("Intubated Mar 12.", "Mar 12"),
        ("Intubated Jan 31, extubated later", "Jan 31"),
        ("The outbreak of March 2020", "March 2020"),
        ("Ill since Sept. 2019", "Sept. 2019"),
        ("Ill since early February, then better", "since early February"),
        ("He fell ill in May and recovered", "in May"),
        ("He fell ill on 5 May and recovered", "5 May"),
        ("Swab of 2020-03 was negative", "2020-03"),
        ("Swab of 03/2020 was negative", "03/2020"),
        ("discharged on 4/12 to rehabilitation", "discharged on 4/12"),
        ("taken at 2020-03-12T08:15:00", "2020-03-12"),
        ("于2020年3月12日入院", "2020年3月12日"),
        ("ill since 12\nMarch 2020", "12 March 2020"),
        ("ill since 12  **March** 2020", "12 March 2020"),
        ("ill since 12\u00a0March 2020", "12 March 2020"),
        ("On １２ March 2020", "12 March 2020"),
    ],
)
def test_a_calendar_date_is_found_as_it_is_written(text, found):
    assert [(f.text, f.kind) for f in find(text)] == [(found, "date")]


@pytest.mark.parametrize(
    "text",
    [
        "A 93-year-old woman",
        "a 90 year old man",
        "a man of 94 years of age",
        "her mother, aged 91, was well",
        "age: 95",
        "Age 102, male",
        "93 y/o female",
        "a 97yo man",
        "a ninety-three-year-old man",
        "a nonagenarian with fever",
        "a woman in her nineties",
    ],
)
def test_an_age_over_89_is_found(text):
    assert [f.kind for f in find(text)] == ["age"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Referred by Dr Smith to us", "Dr Smith"),
        ("Referred by Dr. J. R. O'Neill", "Dr. J. R. O'Neill"),
        ("Prof. Müller-Lang advised", "Prof. Müller-Lang"),
        ("Mr Li was well", "Mr Li"),
        ("Mrs. Jane Doe was well", "Mrs. Jane Doe"),
        ("the patient John Smith was admitted", "patient John Smith"),
        ("a man named Smith", "man named Smith"),
        ("Patient name: Zhang Wei", "Patient name: Zhang"),
        ("the patient's initials were J.S.", "initials were J.S"),
        ("Patient J.S. was admitted", "Patient J.S."),
    ],
)
def test_a_name_is_found_by_its_title_or_role(text, found):
    assert [(f.text, f.kind) for f in find(text)] == [(found, "name")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to jane.doe@example.org", "e-mail"),
        ("call +44 20 7946 0958", "telephone"),
        ("Tel. 6555 0123", "telephone"),
        ("call (555) 010-1234", "telephone"),
        ("call 555-010-1234", "telephone"),
        ("on 020 7946 0958", "telephone"),
        ("mobile 13800138000", "telephone"),
        ("MRN 445566", "record"),
        ("MRN: 00445566", "record"),
        ("mrn445566", "record"),
        ("hospital no. 20-1234", "record"),
        ("Case number 10234", "record"),
        ("patient ID A12345", "record"),
        ("medical record number 88123", "record"),
        ("NHS number 943 476 5919", "record"),
        ("SSN 078-05-1120", "record"),
        ("ID 110101199003074518 on file", "record"),
        ("sample 20345678 was frozen", "record"),
        ("lives at SW1A 1AA", "postcode"),
        ("near Springfield, IL 62704", "postcode"),
        ("zip code 62704", "postcode"),
        ("Hubei 430030, China", "postcode"),
        ("He had travelled from Wuhan by train", "place"),
        ("a resident of Bergamo", "place"),
        ("Wuhan", "place"),
        ("She lives in Kansas City with her son", "place"),
        ("in Haidian District, near the market", "place"),
        ("the Dingzhou city quarantine", "place"),
        ("from the city of Leicester", "place"),
        ("at 221 Baker Street", "place"),
        ("from Orange County by air", "place"),
        ("at 30.5928° N, 114.3055° E", "place"),
        ("treated at Wuhan Union Hospital", "hospital"),
        ("at St. Mary's Hospital, later at home", "hospital"),
        ("the First Affiliated Hospital of Zhejiang University", "hospital"),
        ("at University Hospital Zurich", "hospital"),
        ("Beth Israel Medical Center", "hospital"),
        ("seen at Mayo Clinic", "hospital"),
        ("moved to Ward 5B", "hospital"),
        ("in bed 12", "hospital"),
        ("see https://records.example.org/p/17", "web"),
        ("see www.example.org", "web"),
        ("from 192.168.1.20", "web"),
        ("视频见example.org/u/7，由患者上传", "web"),  # with no space around it
        ("DEA number, BM4827169", "record"),
        ("n.º de colegiado 28/4471906", "record"),
        ("her niece Adaeze agreed", "name"),
        ("Łukasz Żurawski was admitted", "name"),
    ],
)
def test_a_number_a_place_or_an_address_is_found(text, kind):
    assert kind in [f.kind for f in find(text)]


CLINICAL = """
A 65-year-old man with hypertension for ten years had COVID-19 pneumonia that worsened on lopinavir with ritonavir.
Blood pressure was 138/80 mmHg, heart rate 92/min, respiratory rate 24/min and SpO2 88% on air.
Blood pressure 180/90, pulse 110, temperature 37.8 °C; pain 3/10 at rest and 7/10 on coughing.
She was 1/2 as active as before; muscle strength was 4/5 on the left, 5/5 on the right.
Visual acuity was 6/9 in the right and 20/40 in the left eye.
Prednisolone was tapered 60-40-20 mg, then 5-10-20 mg; amlodipine 5/10/20 mg was tried.
Antibody titres were 1:320 and 1/2000; ANA 1/160.
The index of Oct 4 and Sox2 was high; cells were Oct-4, Nanog and SSEA-3 positive, CD34 and CD45 negative.
MARCH5 and SEPT9 were sequenced; DEC1 was not.
Pneumonia was classed by WS/T 405-2012 and by the Berlin definition of ARDS.
The Rome IV criteria, the Los Angeles classification and the Vancouver style were used.
The Declaration of Helsinki was followed; trial ChiCTR2000029990, NCT04288102, EudraCT 2020-001234-12.
Doi 10.1101/2020.03.12.20034678 reports the same; so does https://doi.org/10.1186/s13287-020-01802-8.
Published as BMJ 2015;350:h1738 and J Med Case Rep 2013 Sep 10;7:223 (PMID 24228906, PMCID PMC3844611).
ATC J06BA02, LOINC 26464-8, SNOMED CT 840539006, ICD-10 U07.1, CAS 50-78-2.
WHO clinical progression scale 6 on day 3, 4 on days 5 to 8, and 2 from day 12.
On day 3 he may have aspirated; of the 12, 3 may be false.
The infusion of 60 x 10^6 cells (1000000 cells/kg) took 40 min; 5000000 IU were inhaled twice daily.
Viral load was 2345678 copies/mL on day 2; platelets 120 000/uL; NT-proBNP 12345 pg/mL.
The patient was in bed 3 days and left the ward 2 days later; room air throughout; the room 22 °C.
He was moved to intensive care, then to a tertiary hospital, and from the hospital ward to the rehabilitation clinic.
The Hospital Anxiety and Depression Scale and the Patient Health Questionnaire were filled in.
Patient Global Assessment was 40 mm; the Edinburgh Postnatal Depression Scale was not used.
The University Hospital has 900 beds. In Hospital mortality was 12%. The hospital's own limits are not known.
MR imaging, DR of the chest, MS in the family history; HLA-DR positive. Mr X and patient 2 were not compared.
The doctor explained the plan; the nurse recorded it. Nurse Practitioner notes were read.
The disease was called Charles Bonnet syndrome; the Wuhan strain and Wuhan-Hu-1 were the reference.
Those aged 18 to 80 were eligible; the mean age was 62.5 years; he was aged 91 days at diagnosis as an infant.
The group aged 90 or older was left out; so was he, aged 90 years or over; patients 90+ are a group of their own.
The patient CMV PCR was negative; the donor HLA DR match was full; the patient Factor VIII level was 60%.
It was classed according to Rome IV criteria, from Boston score 3 to Los Angeles classification grade B.
About 5000000 were infused, then 12000000 more; the count of the bag was 60000000.
D-dimer was 0.51 ug/mL; fibrinogen 137.00 to 147.00 (printed 137.00.147.00, and 3.50.5.30).
Version 3.10.0 of the program, seed 20200716, was used on 2 cores.
Since 2019 the guideline has changed; in 2020 it was revised; the range is 2010-12.
GCS 15 (E4 V5 M6), APACHE II 17, SOFA 6-8; PaO2/FiO2 146, 166 and 98 mmHg on days -1, 0 and +1.
Hubei Province, Guangdong, China, California and Bavaria are named; the outbreak area is not.
Travel to a province in the south six days before; the capital city and a rural district were not named.
Sodium 137-147 mmol/L; creatine kinase 50.00-310.00 U/L; K+ 3.5 to +4.1; values 120 135 1402 were repeated.
Lane 3 of the gel; a Chi square test; the Least Square estimate; the Silk Road is no risk factor.
Moxifloxacin 400 mg once daily i.v., then 5 x 10*6 cells/kg in 100 mL; 10*9/L; 0.1-0.6.
Marked 2 Mar-like lesions; the sepsis-3 criteria; 12 sep-tic emboli; 5 decompensations.
ICU bed 1:1 nursing, 12-lead ECG, 24-h urine 1500 mL, 6-min walk 320 m, CT 64-slice at 1.25 mm.
The tumour was staged pT2 N1 M0 (UICC 8th edition), ER 90%, PR 80%, HER2 2+; Ki-67 was 35%.
She received FOLFOX every 14 days for 6 cycles, then capecitabine 1000 mg/m2 twice daily.
A 9-year-old girl (32 kg) was given amoxicillin 90 mg/kg/day in two doses for 10 days.
Ejection fraction fell from 55 to 30%; QTc 480 ms; troponin 0.04 to 12.5 ng/mL; BNP 1234 pg/mL.
Coronary angiography showed a 90% stenosis of the LAD; a stent (3.0 x 18 mm) was placed.
MRI showed a 12 x 15 x 20 mm lesion at L4/5 and disc bulges at L3-L4 and L5-S1.
Hepatitis B: HBsAg +, anti-HBc +, HBV DNA 1.2 x 10^7 IU/mL; HCV genotype 1b.
Paul Bunnell test negative; Coombs test positive; Schirmer 5 mm; Romberg negative; Murphy sign positive.
Guillain-Barre syndrome was considered; Charcot-Marie-Tooth disease and Lambert-Eaton syndrome were excluded.
The patient scored 24/30 on the Mini-Mental State Examination and 12 on the Hamilton Depression Rating Scale.
Beck Depression Inventory 31; Montreal Cognitive Assessment 22/30; Glasgow Coma Scale 13.
The Naranjo score was 7; the Child-Pugh class was B; the MELD score 18; the NYHA class III.
Birth weight 3250 g, Apgar 9/10/10, gestational age 38+4 weeks; head circumference 34 cm.
At the age of 6 months he sat; aged 14 months he walked; vaccinations were given by the schedule.
She took levothyroxine 100 ug, metformin 1000 mg b.i.d., aspirin 100 mg and lisinopril 10 mg.
Serum was diluted 1:100; the ELISA kit (R&D Systems, Minneapolis, Minnesota) was used.
Flow cytometry: CD3+ 72%, CD4+ 41%, CD8+ 28%, CD4/CD8 1.46, CD19+ 12%, CD16/56+ 14%.
Variant c.1521_1523delCTT (p.Phe508del), rs113993960, NM_000492.4, chr7:117559590 (GRCh38).
A Foley catheter 16 Fr was placed; drains of 10 Fr; port 5 mm; suture Vicryl 3-0.
Ventilation: PEEP 10 cmH2O, FiO2 0.6, tidal volume 6 mL/kg, plateau 28 cmH2O, rate 20/min.
The patient was nursed prone for 16 h/day on days 2-5; ECMO was not available.
In the emergency room he was given 2 L of saline; in room air SpO2 was 94%.
He drinks 20 g of alcohol a day and smoked 40 pack-years until ten years ago.
He works as a truck driver and lives with his wife; his mother had breast cancer at 52.
She was born in Poland and has lived in Bavaria for 20 years; she visited Thailand a month before.
Treatment was given at a tertiary hospital in eastern China; she was referred by a general practitioner.
Escherichia coli ATCC 25922 and Klebsiella pneumoniae (MIC of meropenem 16 mg/L) were grown.
The culture of day 4 grew Candida albicans 10^5 CFU/mL; Aspergillus galactomannan index 0.3.
Rituximab 375 mg/m2 weekly x 4; cyclophosphamide 750 mg/m2; prednisone 1 mg/kg, tapered by 5 mg per week.
The New York Heart Association class fell from III to II; the Boston bowel score was 8.
Milan criteria were met; the Barcelona Clinic Liver Cancer stage was B; the Tokyo Guidelines 2018 were followed.
The Rotterdam criteria, the Manchester triage scale and the Toronto extremity score were applied.
The Paris classification; Philadelphia chromosome positive; the Vienna consensus; the Sydney system.
Lady Windermere syndrome and Sister Mary Joseph nodule were named in the discussion.
Patient Reported Outcome Measures; the patient Health Questionnaire; the patient Informed Consent form.
The donor Human Leukocyte Antigen type matched; the child Pugh class was A.
The Ann Arbor stage was IIIB; the Karnofsky index was 90 at the start and 60 after 8 weeks.
ECG: sinus rhythm 96/min, PR 160 ms, QRS 90 ms; ST elevation of 2 mm in II, III, aVF.
The interval was 90 years of follow-up summed over patients; 100 person-years.
The 95 year survival estimate is not given; 90-day mortality was 20%.
Doses of 100 mg on day 1, 200 mg on day 2, 300 mg on days 3-28; 4-2-1 schedule; 7+3 regimen.
Insulin 10-0-8 units; morning 1-0-1; metoprolol 47.5 mg 1-0-0-0.
Score of 12/20 then 18/20; the ratio was 3/4; the dose was halved (1/2) and then 1/4.
HbA1c 8.1% (65 mmol/mol); glucose 14.6 mmol/L; lactate 2.1 mmol/L; pH 7.31; pCO2 6.8 kPa.
May the treatment be continued? It may. March fractures were ruled out. He could march 3 km.
August von Wassermann's test is historical; the June bug is an insect.
Decreased breath sounds at both bases; Jan de Witt is not a patient. Octreotide 100 ug t.i.d.
Marfan syndrome; Sepsis 3; Aprotinin 1 Mio; Augmentin 1.2 g; Septrin 480 mg; Novalgin 1 g; Decortin 20 mg.
Ward rounds 3 times a week; Ward clerk; the Ward-Romano syndrome; bedside ultrasound; 2-bed room.
Hospital stay was 12 days; hospital-acquired pneumonia; Hospital day 3; on hospital day 12 she improved.
On postoperative day 2; on POD 10; at week 12; at month 6; at 24 months; at year 2.
The Clinic visit was by video; the Pain Clinic and the Heart Failure Clinic were consulted.
Medical Center is a term. A Health Centre nurse visited. Nursing Home residents were screened.
Intensive Care Unit; Coronary Care Unit; High Dependency Unit; Emergency Department; Day Hospital.
Children's Hospital staff; Community Hospital; District Hospital; the General Hospital.
Approval was given by the ethics committee (approval 2019-KY-021); the protocol was registered.
GenBank MN908947.3; UniProt P0DTC2; PDB 6VSB; clone 10.1; lot AB123; cat. no. 12-345.
Ref. 7, 8-12; Fig. 3a-d; Table 2; Suppl. 1; pp. 142-152; vol. 73.
Blood group A Rh+; KELL negative; HLA-A*02:01, B*07:02; DQB1*06:02.
SARS-CoV-2 Ct 24.5 on day 0, 31.2 on day 5 and >40 on day 11; B.1.1.7 lineage; Delta AY.4.2.
IgG 1:1280; IgM 12.3 AU/mL; neutralising titre 1/640; C3 0.9 g/L; ANCA 1:40.
PaO2 62 mmHg; A-a gradient 45; SvO2 65%; CI 2.4 L/min/m2; SVR 1200 dyn s cm-5; PVR 3 WU.
Numbers such as 1,234,567 and 12 345 678 and 0.00012345 are values; 3.1415926 too.
"""


@pytest.mark.parametrize("sentence", [line for line in CLINICAL.splitlines() if line])
def test_clinical_prose_gives_no_alarm(sentence):
    assert [f.text for f in find(sentence)] == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("john_smith_1962-03-14.png", "date"),
        ("CT_20200312.png", "date"),
        ("scan12Mar2020.png", "date"),
        ("MRN123456.csv", "record"),
        ("IMG_4455667.jpg", "record"),
        ("Dr_Smith.png", "name"),
        ("letter to jane.doe@example.org.txt", "e-mail"),
    ],
)
def test_the_name_of_a_file_is_read_as_words(name, kind):
    assert kind in [f.kind for f in find_in_name(name)]


@pytest.mark.parametrize(
    "name",
    ["observations.csv", "case.yaml", "leng2020", "simulated-cp-msc", "figure-2b.png", "ct_day-3.png", "fig10.tiff"],
)
def test_a_usual_name_of_a_file_gives_no_alarm(name):
    assert find_in_name(name) == ()


def test_the_place_of_a_finding_is_its_place_in_the_text_as_it_stands():
    text = "Ill since  **12**\n_March_ 2020, then better."
    (found,) = find(text)
    assert text[found.start : found.end] == "12**\n_March_ 2020"


def test_a_name_in_the_name_of_a_file_is_found_in_a_text_that_names_the_file():
    assert [found.text for found in find("see fig_3_anna_smith.png and left_heel.tif")] == ["anna_smith"]


def test_of_two_readings_of_one_text_the_longer_is_kept():
    (found,) = find("on 12 March 2020")  # 12 March, March 2020 and 12 March 2020
    assert found.text == "12 March 2020"


@pytest.mark.parametrize("letters", ["X", "1", "ACGT", "a1"])
def test_a_word_of_a_hundred_thousand_letters_is_searched_to_its_end(letters):
    """A rule that began anew at each letter would take minutes."""
    word = letters * (100_000 // len(letters))
    assert [f.kind for f in find(f"{word} seen by Dr Smith")][-1:] == ["name"]


def test_every_kind_says_why_and_what_to_do():
    assert all(";" in reason for reason in REASONS.values())


def test_the_examples_in_the_documentation_are_true():
    assert doctest.testmod(identifiers).failed == 0
