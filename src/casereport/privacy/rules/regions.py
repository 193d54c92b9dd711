"""Countries, provinces and states, which may be named (the rule lets a state stand and nothing smaller)."""

REGIONS = frozenset(
    word
    for line in (
        # countries and parts of the world; of names of several words each word with a capital
        "Afghanistan Africa African Albania Algeria America American Americas Andorra Anatolia Angola Antarctica",
        "Arabia Argentina Armenia Asia Asian Australia Australian Austria Austrian Azerbaijan Bahamas Bahrain Balkans",
        "Bangladesh Barbados Belarus Belgium Belize Benin Bhutan Bolivia Bosnia Botswana Brazil Britain British Brunei",
        "Bulgaria Burkina Burma Burundi Cambodia Cameroon Canada Canadian Caribbean Chad Chile China Chinese Colombia",
        "Comoros Congo Croatia Cuba Cyprus Czechia Denmark Danish Djibouti Dominica Dominican Dutch Ecuador Egypt",
        "England English Eritrea Estonia Eswatini Ethiopia Europe European Fiji Finland Finnish France French Gabon",
        "Gambia Georgia German Germany Ghana Greece Greek Greenland Grenada Guatemala Guinea Guyana Haiti Holland",
        "Honduras Hungary Iceland India Indian Indonesia Iran Iranian Iraq Ireland Irish Israel Italy Italian Jamaica",
        "Japan Japanese Jordan Kazakhstan Kenya Kiribati Korea Korean Kosovo Kuwait Kyrgyzstan Laos Latvia Lebanon",
        "Lesotho Liberia Libya Liechtenstein Lithuania Luxembourg Macedonia Madagascar Malawi Malaysia Maldives Mali",
        "Malta Mauritania Mauritius Mediterranean Mexico Mexican Micronesia Moldova Monaco Mongolia Montenegro Morocco",
        "Mozambique Myanmar Namibia Nauru Nepal Netherlands Nicaragua Niger Nigeria Norway Norwegian Oceania Oman",
        "Pacific Pakistan Palau Palestine Panama Paraguay Peru Philippines Poland Polish Portugal Portuguese Qatar",
        "Romania Russia Russian Rwanda Samoa Scandinavia Scotland Scottish Senegal Serbia Seychelles Siberia Sierra",
        "Singapore Slovakia Slovenia Somalia Spain Spanish Sudan Suriname Swaziland Sweden Swedish Switzerland Swiss",
        "Syria Taiwan Tajikistan Tanzania Thailand Tibet Timor Togo Tonga Tunisia Turkey Turkish Türkiye Turkmenistan",
        "Uganda Ukraine Uruguay USA UK Uzbekistan Vanuatu Vatican Venezuela Vietnam Vietnamese Wales Welsh Western",
        "Yemen Zambia Zimbabwe Republic Kingdom States Emirates United Democratic Federal Federation Union Islands",
        "Island Isles Saudi Costa Rica Ivory Coast Sri Lanka Zealand Salvador Papua Faso Leone Lucia Vincent",
        "Herzegovina Tobago Trinidad Balkan Baltic Gulf Atlantic Middle East Far Near Latin",
        # provinces and states
        "Anhui Fujian Gansu Guangdong Guangxi Guizhou Hainan Hebei Heilongjiang Henan Hubei Hunan Jiangsu Jiangxi",
        "Jilin Liaoning Ningxia Qinghai Shaanxi Shandong Shanxi Sichuan Xinjiang Yunnan Zhejiang Province State",
        "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Hawaii Idaho Illinois",
        "Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri",
        "Montana Nebraska Nevada Hampshire Jersey Carolina Dakota Ohio Oklahoma Oregon Pennsylvania Rhode Tennessee",
        "Texas Utah Vermont Virginia Wisconsin Wyoming Ontario Quebec Québec Alberta Manitoba Saskatchewan",
        "Newfoundland Columbia Brunswick Scotia Queensland Victoria Tasmania Bavaria Bayern Saxony Sachsen Hesse",
        "Hessen Thuringia Thüringen Brandenburg Westphalia Palatinate Württemberg Saarland Niedersachsen Catalonia",
        "Andalusia Galicia Valencia Lombardy Veneto Piedmont Tuscany Sicily Sardinia Lazio Campania Calabria Puglia",
        "Liguria Umbria Brittany Normandy Provence Alsace Corsica Burgundy Kerala Gujarat Maharashtra Karnataka Punjab",
        "Bihar Rajasthan Assam Odisha Telangana Haryana Bengal Pradesh Nadu Ulster Hokkaido Deutschland Österreich",
        "Schweiz Frankreich Italien Spanien Polen Türkei Russland Allemagne Belgique Suisse Espagne Italie Maroc",
        "Algérie Tunisie España México Alemania Francia Perú Brasil Afrique Asie Amérique Océanie Afrika Asien Amerika",
        "Ozeanien África América Europa Inde Chine Japon Sénégal Cameroun Turquie Grèce Indien Griechenland Italia",
        "Hong Kong Macau Brazilian Argentinian Chilean Colombian Cuban Venezuelan Bolivian Egyptian Algerian Libyan",
        "Afghan Yemeni Jordanian Ugandan Tanzanian Zambian Zimbabwean Angolan Cameroonian Senegalese Congolese",
        "Mongolian Taiwanese Singaporean Malaysian Cambodian Slovak Slovenian Macedonian Maltese Cypriot Georgian",
        "Armenian Kazakh Uzbek Germania Spagna Inghilterra Marruecos Argelia Inglaterra Marrocos Moçambique",
    )
    for word in line.split()
)
