"""What a number is of, in the words and letters before it, by class."""

# In either case of letters; `·` is a space within one of them.
_WORDS = (
    # the record, the specimen and the visit
    "MRN hosp acc ref(?:erence)? hospital patient case(?:·?file|·?notes?|·?sheet)? record medical·record chart",
    "folder old·(?:case·)?file file folio docket admission inpatient outpatient accession registration reg regd",
    "specimen sample biopsy path(?:ology)? histo(?:logy)? cyto(?:logy)? slide block cassette lab(?:oratory)? barcode",
    "requisition visit encounter episode attendance triage order request referral prescription script CT·study",
    "sequence·run study trial subj(?:ect)? participant trial·participant randomi[sz]ation screening enrol?lment",
    "enrol?lee biobank donor recipient template wristband",
    # work, school, service and custody
    "employee staff badge payroll personnel student pupil matriculation prisoner inmate custody booking military",
    "army service regimental veteran seafarer crew union locker key ticket loyalty(?:·card)? frequent·flyer",
    "library·card case·worker",
    # who pays
    "member membership beneficiary subscriber group policy policyholder claim insurance insured insurer",
    "health·insurance health·card health·plan health·service Medicare Medicaid Medigap PhilHealth(?:·PIN)? Ayushman",
    "Kaiser Aetna Cigna Humana Allianz Blue·Cross medical·aid mutuelle Barmer authori[sz]ation",
    "pre-?auth(?:ori[sz]ation)? prior·auth voucher utente tarjeta·sanitaria",
    # money
    "account acct a/c bank·account bank billing bill invoice receipt payment transaction card credit·card debit·card",
    "Visa Mastercard Amex sort·code routing giro cheque wallet M-Pesa PayPal GCash guarantor",
    # a licence, a certificate, a paper of identity
    "licen[cs]e lic driver'?s?'?·?licen[cs]e driving·licen[cs]e medical·licen[cs]e medical·council nursing·council",
    "board passport visa certificate (?:birth|death|marriage)·certificate permit (?:work|residence)·permit",
    "green·card alien·registration ID·card identity·card national·ID photo·ID voter ration·card firearms? pilot",
    "warrant",
    # nations' numbers of persons and of taxes
    "tax SSN NINO Aadhaar MyKad cédula cedula Emirates·ID Iqama Civil·ID Ghana·Card Huduma Kebele TC·kimlik kimlik",
    "My·Number citizen(?:ship)?(?:·card)? social·(?:security|insurance) personnummer henkilötunnus isikukood",
    "asmens·kodas rodné·číslo codice·fiscale Rijksregister(?:nummer)? Steuer-ID carte·vitale tessera·sanitaria",
    # the same in German, French, Spanish, Italian and Portuguese
    "historia·clínica expediente numéro·de·dossier dossier numéro·de·sécu matrícula matricule cartella(?:·clinica)?",
    "nosológico prontuário processo Personalausweis Ausweis Führerschein Versicherten Fallzahl Aktenzeichen póliza",
    "polizza apólice police cuenta conto conta compte Konto muestra échantillon campione amostra Probe pasaporte",
    "passeport passaporto",
    r"Reisepass permis patente carnet tarjeta carte \w{3,24}nummer",
    # a device, a vehicle
    "device serial ser S/N implant pacemaker generator lead pump valve stent prosthesis stem cup lens hearing·aid",
    "glucometer sensor transmitter loop·recorder ventilator wheelchair unit bag blood·bag blood·unit MAC·address",
    "asset handset tablet laptop Nummernschild plate chassis parcel",
    # the body
    "thumb·?print (?:finger|voice|palm|iris|retinal?|face|facial)·?(?:print|scan|code|recognition|template|ID)",
    "fingerprint·template biometric DNA·profile gait",
)
# As they are written: in small letters many are words.
_LETTERS = (
    "UHID URN UR CRN HRN PID MPI EMPI EMR EHR OPD IPD IP OP ER Rx VA MBI HICN EHIC GHIC CHIP NHIS NHIF HMO TPA ECHS",
    "ESI CGHS ABHA PMJAY BUPA AXA BCBS TRICARE AOK OHIP RAMQ MSP SNS CIPA BSB IFSC SWIFT BIC CLABE CBU UPI DL DLN",
    "GMC NMC GDC HCPC GPhC MCI NPI DEA AHPRA PRC MDCN PMDC HPCSA RPPS CRM LANR ADELI CPSO IMC TIN ITIN EIN TFN UTR",
    "SSS GSIS UMID NHS CHI NI NIN BVN BSN DNI NIE NIF NIR NISS NUSS CPF RG CNS SUS PESEL NIP CURP RFC NSS INE RRN",
    "IHI SIN AHV AVS CPR PAN UAN EPF CNIC NICOP NIC NRIC FIN HKID IC NIK KTP PPSN PPS SVNR OIB JMBG EGN CNP EMBG",
    "INSEE RUT RUN CUIL CUIT QID SNILS INN Az HN CR NHC IPP IMEI IMSI ICCID SIM UDI ICD CRT-D CRT IOL CPAP VIN",
)


def _by_first_letter(words: list[str]) -> str:
    """One alternation, in which a letter in the text is compared once with all words that begin with it."""
    rest: dict[str, list[str]] = {}
    for word in words:
        first = word[0].lower() if word[0].isalpha() else ""
        rest.setdefault(first, []).append(word[len(first) :])
    return "|".join(f"[{a}{a.upper()}](?:{'|'.join(ends)})" if a else "|".join(ends) for a, ends in rest.items())


_ANY_CASE = _by_first_letter([word.replace("·", " ") for line in _WORDS for word in line.split()])
LABELS = rf"(?:(?i:{_ANY_CASE})|{'|'.join(' '.join(_LETTERS).split())})"
