"""The months by their names, as they follow a day and as they stand alone, in the spelling of Unicode's CLDR."""

import re

ENGLISH = "January|February|March|April|May|June|July|August|September|October|November|December"

# Kept here and not asked of the library that has them, whose loading would cost each command a tenth of a second; a
# test compares them.
BY_LANGUAGE = {
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "de_AT": "jänner",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": (
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia "
        "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień"
    ),
    "cs": (
        "ledna února března dubna května června července srpna září října listopadu prosince leden únor "
        "březen duben květen červen červenec srpen září říjen listopad prosinec"
    ),
    "sk": (
        "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra január "
        "február marec apríl máj jún júl august september október november december"
    ),
    "hu": "január február március április május június július augusztus szeptember október november december",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "hr": (
        "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca "
        "siječanj veljača ožujak travanj svibanj lipanj srpanj kolovoz rujan listopad studeni prosinac"
    ),
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "fi": (
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta "
        "lokakuuta marraskuuta joulukuuta tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu "
        "elokuu syyskuu lokakuu marraskuu joulukuu"
    ),
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "ru": (
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря январь февраль "
        "март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
    ),
    "uk": (
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня січень лютий "
        "березень квітень травень червень липень серпень вересень жовтень листопад грудень"
    ),
    "el": (
        "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου "
        "νοεμβρίου δεκεμβρίου ιανουάριος φεβρουάριος μάρτιος απρίλιος μάιος ιούνιος ιούλιος αύγουστος "
        "σεπτέμβριος οκτώβριος νοέμβριος δεκέμβριος"
    ),
}
_ALSO = "maerz fevrier aout decembre setiembre"  # as they are written where an accent is not, and in Peru
_MONTHS = frozenset(word.casefold() for months in (*BY_LANGUAGE.values(), _ALSO) for word in months.split())

# A word that may be one; a rule that has it looks the word up, which is quicker than to try three hundred.
MONTH = r"(?P<month>[^\W\d_]{3,12})(?!\w)"


def is_month(match: re.Match[str]) -> bool:
    """True where the group `month` is the name of a month in a language other than English."""
    return match["month"].casefold() in _MONTHS
