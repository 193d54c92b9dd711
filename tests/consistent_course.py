"""A made-up course that agrees with itself: a man of 50 years, eight days, each derived number told by its formula.

The measured quantities were made up; what follows from them was computed from the textbook formulas, apart from the
project, and rounded as a laboratory prints it: red-cell indices, shares, anion gap, Henderson-Hasselbalch (6.1 and
0.0307), base excess, PaO2/FiO2, A-a gradient (760 mm[Hg], 0.8), ROX, mean pressure (diastolic + 1/3 pulse), sums,
CKD-EPI 2021, urea (0.357), osmolality (a gap of 1), corrected calcium (0.02, 40 g/L), Friedewald (2.2), INR (12.1 s),
BMI (178 cm).
"""

from made_up import happened, seen

DAYS = tuple(range(-3, 5))

_TABLE = """
haemoglobin            g/L                104  102  99  97  96  98  101  103
red_cells              10*12/L            3.52  3.45  3.36  3.28  3.25  3.31  3.43  3.49
haematocrit            %                  31.4  30.9  29.9  29.2  28.9  29.6  30.5  31.1
mcv                    fL                 89.2  89.6  89.0  89.0  88.9  89.4  88.9  89.1
mch                    pg                 29.5  29.6  29.5  29.6  29.5  29.6  29.4  29.5
mchc                   g/L                331  330  331  332  332  331  331  331
white_cells            10*9/L             9.48  10.18  10.89  10.02  8.55  7.68  6.99  6.53
neutrophils            10*9/L             8.42  9.13  9.87  8.96  7.35  6.18  5.22  4.61
lymphocytes            10*9/L             0.62  0.55  0.48  0.57  0.74  0.93  1.12  1.27
monocytes              10*9/L             0.41  0.47  0.52  0.45  0.38  0.43  0.49  0.46
eosinophils            10*9/L             0.02  0.01  0.01  0.03  0.06  0.11  0.14  0.16
basophils              10*9/L             0.01  0.02  0.01  0.01  0.02  0.03  0.02  0.03
neutrophil_share       %                  88.8  89.7  90.6  89.4  86.0  80.5  74.7  70.6
lymphocyte_share       %                  6.5  5.4  4.4  5.7  8.7  12.1  16.0  19.4
monocyte_share         %                  4.3  4.6  4.8  4.5  4.4  5.6  7.0  7.0
eosinophil_share       %                  0.2  0.1  0.1  0.3  0.7  1.4  2.0  2.5
basophil_share         %                  0.1  0.2  0.1  0.1  0.2  0.4  0.3  0.5
platelets              10*9/L             148  139  131  137  152  176  203  228
reticulocyte_share     %                  0.8  0.9  1.1  1.4  1.7  1.9  2.1  2.0
reticulocytes          10*9/L             28  31  37  46  55  63  72  70
sodium                 mmol/L             137  136  138  139  141  140  139  138
potassium              mmol/L             4.4  4.7  4.9  4.6  4.2  4.1  4.3  4.0
chloride               mmol/L             103  101  102  104  106  105  104  102
bicarbonate            mmol/L             21  19  19  21  23  25  26  27
anion_gap              mmol/L             13  16  17  14  12  10  9  9
ph_arterial            [pH]               7.36  7.33  7.31  7.34  7.38  7.40  7.41  7.42
paco2                  mm[Hg]             37  36  38  40  40  41  41  42
bicarbonate_blood      mmol/L             20.7  18.8  18.9  21.3  23.4  25.1  25.7  26.9
base_excess            mmol/L             -4.0  -6.2  -6.3  -3.7  -1.2  0.7  1.3  2.6
pao2                   mm[Hg]             64  61  66  72  78  81  84  88
fio2                   %                  50  60  65  55  45  40  35  28
pao2_fio2              mm[Hg]             128  102  102  131  173  202  240  314
aa_gradient            mm[Hg]             246  322  350  270  193  153  114  59
spo2                   %                  92  91  92  94  95  96  96  97
respiratory_rate       /min               28  30  31  27  24  22  20  18
rox_index              1                  6.6  5.1  4.6  6.3  8.8  10.9  13.7  19.2
systolic_pressure      mm[Hg]             118  109  102  107  115  121  124  126
diastolic_pressure     mm[Hg]             68  61  57  60  66  70  71  73
mean_pressure          mm[Hg]             85  77  72  76  82  87  89  91
heart_rate             /min               98  107  112  104  95  88  84  79
temperature            Cel                38.4  38.9  39.2  38.6  37.9  37.4  37.0  36.8
albumin                g/L                31.2  29.8  28.4  27.9  28.6  29.7  30.9  32.3
globulin               g/L                30.4  31.3  31.9  32.2  31.7  30.8  30.1  29.6
protein_total          g/L                61.6  61.1  60.3  60.1  60.3  60.5  61.0  61.9
bilirubin_direct       umol/L             6.1  7.4  8.9  8.2  6.7  5.3  4.4  3.9
bilirubin_indirect     umol/L             8.7  9.3  10.6  10.1  8.8  7.9  7.1  6.6
bilirubin_total        umol/L             14.8  16.7  19.5  18.3  15.5  13.2  11.5  10.5
alt                    U/L                48  57  71  83  76  62  51  43
ast                    U/L                61  74  92  88  69  54  45  37
ldh                    U/L                412  455  503  478  421  366  318  287
creatinine             umol/L             96  108  121  117  104  95  89  84
egfr                   mL/min/{1.73_m2}   83  72  63  66  75  84  91  98
urea_nitrogen          mg/dL              19.2  22.4  26.1  24.8  21.3  18.4  16.3  14.9
urea                   mmol/L             6.9  8.0  9.3  8.9  7.6  6.6  5.8  5.3
glucose                mmol/L             7.2  8.1  8.9  8.4  7.6  6.9  6.4  6.1
osmolality             mosm/kg            289  289  295  296  298  294  291  288
calcium                mmol/L             2.06  2.03  2.01  2.02  2.05  2.08  2.11  2.14
calcium_corrected      mmol/L             2.24  2.23  2.24  2.26  2.28  2.29  2.29  2.29
cholesterol            mmol/L             3.62  3.48  3.31  3.27  3.39  3.55  3.71  3.86
hdl                    mmol/L             0.91  0.86  0.82  0.80  0.84  0.89  0.93  0.97
triglycerides          mmol/L             1.62  1.71  1.85  1.90  1.78  1.66  1.57  1.49
ldl                    mmol/L             1.97  1.84  1.65  1.61  1.74  1.91  2.07  2.21
non_hdl                mmol/L             2.71  2.62  2.49  2.47  2.55  2.66  2.78  2.89
prothrombin_time       s                  14.1  14.8  15.6  15.2  14.5  13.8  13.3  12.9
inr                    1                  1.17  1.22  1.29  1.26  1.20  1.14  1.10  1.07
prothrombin_activity   %                  84  80  76  78  82  86  89  92
crp                    mg/L               142.6  168.3  187.1  151.4  98.7  61.2  37.5  22.8
procalcitonin          ng/mL              0.84  1.12  1.37  0.96  0.58  0.34  0.21  0.14
d_dimer                ug/mL{FEU}         1.84  2.17  2.63  2.41  1.98  1.56  1.22  0.97
ferritin               ng/mL              918  1043  1187  1102  946  803  688  597
cd4_cells              /uL                164  148  131  152  204  262  327  381
cd8_cells              /uL                117  109  98  113  146  181  214  243
cd4_cd8_ratio          1                  1.40  1.36  1.34  1.35  1.40  1.45  1.53  1.57
gcs                    {score}            14  13  12  13  14  15  15  15
sofa                   {score}            6  8  9  8  6  4  3  2
news2                  {score}            8  9  10  8  6  4  3  2
murray                 {score}            2.25  2.50  2.75  2.50  2.00  1.75  1.25  0.75
peep                   cm[H2O]            8  10  12  10  8  8  6  5
plateau_pressure       cm[H2O]            22  25  27  24  21  19  17  15
driving_pressure       cm[H2O]            14  15  15  14  13  11  11  10
weight                 kg                 82.4  82.9  83.6  83.1  82.2  81.5  80.9  80.4
bmi                    kg/m2              26.0  26.2  26.4  26.2  25.9  25.7  25.5  25.4
"""

EVENTS = [
    happened(-3, "transfer", "Admitted to a ward"),
    happened(-2, "transfer", "Moved to intensive care"),
    happened(-2, "outcome", "Intubated"),
    happened(1, "outcome", "Extubated"),
    happened(2, "transfer", "Left intensive care"),
    happened(4, "outcome", "Discharged home"),
]

Course = dict[str, tuple[str, list[str]]]


def course() -> Course:
    """For each analyte its unit and its values on DAYS; a fresh copy to change."""
    cells = (line.split() for line in _TABLE.strip().splitlines())
    return {name: (unit, values) for name, unit, *values in cells}


def observations(table: Course) -> list[tuple]:
    """The rows of observations.csv, analyte by analyte, and the height once."""
    rows = [
        seen(day, name, value, unit)
        for name, (unit, values) in table.items()
        for day, value in zip(DAYS, values, strict=True)
    ]
    return [*rows, seen(-3, "height", "178", "cm")]


def line_of(table: Course, name: str, day: int) -> int:
    """The line of a value in observations.csv; the header is the first."""
    return 2 + list(table).index(name) * len(DAYS) + DAYS.index(day)
