"""Small columns with the class that a person who reads them would give each; None marks a trap."""

from stdnum import iban, luhn
from stdnum.es import dni
from stdnum.nl import bsn


def _card(start: str) -> str:
    return start + luhn.calc_check_digit(start)


def _iban(country: str, account: str) -> str:
    return country + iban.calc_check_digits(f"{country}00{account}") + account


def _bsn(start: int) -> str:
    return next(
        number for number in (f"{start}{last}" for last in range(10)) if bsn.is_valid(number)
    )


CARDS = [_card(f"4{n:014d}") for n in (111_111, 98_765_432, 31_337, 271_828_182, 42)]
IBANS = [
    _iban("DE", "370400440532013000"),
    _iban("GB", "WEST12345698765432"),
    _iban("FR", "20041010050500013M02606"),
]
DNIS = [f"{n}{dni.calc_check_digit(str(n))}" for n in (12345678, 87654321, 50012345, 71234567)]
PEOPLE = ["Maria Keller", "John O'Neil", "Ana-Lucia Prado", "Sven van der Berg", "Priya Raman"]
EMAILS = ["ana@example.org", "b.cole@example.com", "c+d@mail.example"]

PRIVATE: list[tuple[str, list[str | int | float], str]] = [
    # e-mail
    ("email", EMAILS, "email"),
    ("col_7", EMAILS, "email"),
    ("Kontakt E-Mail", [*EMAILS, "n/a", "keine"], "email"),
    ("assigned_to", EMAILS, "email"),
    ("requester.emails[]", ["用户@例子.广告"], "email"),
    # telephone
    ("phone", ["555-0134", "555-0199", "555-0101"], "phone"),
    ("contactPhone", ["+49 30 901820", "+44 20 7946 0958"], "phone"),
    ("Mobile No.", [9876543210, 9123456780], "phone"),
    ("telefono", ["612 34 56 78", "934 123 456"], "phone"),
    ("fax_number", ["(0)30/123 45-67", "030 1234567 ext. 5"], "phone"),
    ("c3", ["+1 212-555-0134", "+442079460958", "+33 1 23 45 67 89"], "phone"),
    ("value", ["(212) 555-0134", "(415) 555-0188", "(303) 555-0111"], "phone"),
    ("home_phone", [5551234567.0, 5559876543.0], "phone"),
    ("contact.phones[].number", ["555 0100", "555 0199"], "phone"),
    ("电话", ["13812345678"], "phone"),
    # postal address
    ("address", ["12 High Street, Leeds", "4 Mill Lane", "Flat 2, 9 Park Row"], "address"),
    ("shippingAddress", ["Hauptstraße 5, 10115 Berlin", "Am Markt 12b"], "address"),
    ("address.street", ["Elm Street", "Oak Avenue"], "address"),
    ("address_line_1", ["221B Baker Street", "10 Downing Street"], "address"),
    ("c9", ["12 High Street", "450 Lexington Ave", "77 Sunset Blvd, Apt 4"], "address"),
    ("Anschrift", ["Lindenweg 3, 80331 München"], "address"),
    ("field", ["Hauptstraße 5", "Lindenallee 77a", "Goetheplatz 1"], "address"),
    # numbers of persons
    ("ssn", ["123-45-6789", "234-56-7890"], "national_id"),
    ("SocialSecurityNumber", [123456789, 234567890], "national_id"),
    ("c1", ["123-45-6789", "234-56-7890", "345-67-8901"], "national_id"),
    ("NINO", ["AB123456C", "CE 12 34 56 D"], "national_id"),
    ("dni", DNIS, "national_id"),
    ("documento", DNIS, "national_id"),
    ("bsn", [_bsn(12345678), _bsn(98765432)], "national_id"),
    ("passport_no", ["C01X00T47", "L898902C3"], "national_id"),
    ("codiceFiscale", ["RSSMRA85T10A562S"], "national_id"),
    # payment cards and accounts
    ("card_number", CARDS[:1], "payment_card"),
    ("x", CARDS, "payment_card"),
    ("creditCard", ["4111 1111 1111 1111", "3782-822463-10005"], "payment_card"),
    ("pan", ["5555555555554444", "2223003122003222"], "payment_card"),
    ("cc_num", [int(card) for card in CARDS], "payment_card"),
    ("iban", IBANS, "iban"),
    ("account", [f"{each[:4]} {each[4:8]} {each[8:]}" for each in IBANS], "iban"),
    # names
    ("first_name", ["Maria", "Jürgen", "Xiuying"], "person_name"),
    ("lastName", ["Keller", "O'Neil", "van der Berg"], "person_name"),
    ("patient_name", PEOPLE, "person_name"),
    ("author", PEOPLE, "person_name"),
    ("requester.name", ["Zoë Hollinby", "Tomasz Kestrelin"], "person_name"),
    ("Nachname", ["Müller", "Weiß"], "person_name"),
    ("name", PEOPLE, "person_name"),
    ("customer", PEOPLE, "person_name"),
    ("c4", PEOPLE, "person_name"),
    ("full_name", ["KELLER, MARIA", "PRADO, ANA"], "person_name"),
    ("username", ["mkeller", "j_oneil42", "ana.prado"], "user_name"),
    ("reviews[].user", ["maria.keller", "john.oneil", "priya.raman"], "user_name"),
    ("Name", ["Braun, Mr. Owen", "Kummer, Mrs. Eva (Eva Braga)", "Hain, Miss. Lea"], "person_name"),
    ("first", ["Jennifer", "Xanthe", "Edward"], "person_name"),
    ("last", ["Banks", "Gill"], "person_name"),
    ("host_name", ["John", "Jennifer", "Elisabeth"], "person_name"),
    ("nom_complet", ["Jean Dupont", "Luc Martin"], "person_name"),
    ("姓名", ["王伟", "李娜"], "person_name"),
    # birth and position
    ("dob", ["1980-05-17", "1975-12-01"], "date_of_birth"),
    ("Date of Birth", ["17/05/1980", "01/12/1975"], "date_of_birth"),
    ("geburtsdatum", ["17.05.1980"], "date_of_birth"),
    ("birthday", [19800517, 19751201], "date_of_birth"),
    ("lat", [52.52, 48.137, -33.8688], "geo_coordinates"),
    ("Longitude", ["13.4050", "-0.1276"], "geo_coordinates"),
    ("location", ["52.5200,13.4050", "48.1370, 11.5750"], "geo_coordinates"),
    ("latlng", ["[52.5200, 13.4050]"], "geo_coordinates"),
    ("where", ["52.5200,13.4050", "48.1370,11.5750"], "geo_coordinates"),
    ("geometry.coordinates[]", [13.405, 52.52, 11.575], "geo_coordinates"),
]
PUBLIC: list[tuple[str, list[str | int | float], str]] = [
    ("country", ["DE", "FR", "US"], "country_code"),
    ("country_code", ["deu", "fra", "usa"], "country_code"),
    ("nationality", ["GB", "IE"], "country_code"),
    ("c", ["US", "GB", "FR", "DE", "IT", "ES", "NL", "BE", "AT", "CH", "PL", "SE"], "country_code"),
    ("currency", ["USD"], "currency_code"),
    ("CurrencyIsoCode", ["EUR", "GBP"], "currency_code"),
    ("c8", ["USD", "EUR", "JPY", "SEK"], "currency_code"),
    ("homepage", ["https://example.org/a?b=c", "www.example.org"], "url"),
    ("ref", ["http://example.org/1", "https://example.org/2"], "url"),
    ("path", ["/usr/local/bin/tool", "/etc/hosts"], "file_path"),
    ("location", ["C:\\Users\\ana\\a.txt", "D:\\data\\b.csv"], "file_path"),
    ("source_file", ["src/main.py", "docs/index.md"], "file_path"),
    ("filename", ["report.pdf", "photo 1.jpg"], "file_path"),
]
TRAPS: list[tuple[str, list[str | int | float]]] = [
    # numbers of things
    ("product_code", ["123-45-6789", "234-56-7890", "345-67-8901"]),
    ("sku", ["212-555-0134", "415-555-0188", "303-555-0111", "404-555-0122", "505-555-0133"]),
    ("created_at", [1725362122039, 1729262184024, 1731062543029]),
    ("timestamp", ["1725362122039155", "1729262184024138"]),
    ("ts", ["1725362122.039155", "1729262184.024138"]),
    ("order_id", ["4532015112830", "4532015112831", "4532015112832"]),
    ("imei", ["490154203237518", "356938035643809"]),
    ("isbn", ["978-3-16-148410-0", "978-0-306-40615-7"]),
    ("ean", ["4006381333931", "5901234123457"]),
    ("version", ["10.0.19041", "10.0.22621"]),
    ("ip_address", ["192.168.10.21", "10.0.12.231"]),
    ("mac_address", ["00:1B:44:11:3A:B7", "00:1B:44:11:3A:B8"]),
    ("population", [3769495, 1841179, 1471508]),
    ("phone_model", ["iPhone 12", "Pixel 7"]),
    ("mobile_sessions", [1234567, 2345678]),
    ("phone_verified_at", ["2024-01-01", "2024-02-01"]),
    ("tel_minutes", [120, 345]),
    ("invoice", ["2024-000123", "2024-000124", "2024-000125"]),
    ("date", ["2024-01-01", "2024-02-01", "2024-03-01"]),
    ("delta", ["+1.5", "+20.25", "+3.75"]),
    ("uuid", ["12345678-1234-4123-8123-123456789012"]),
    ("tax_rate", [0.19, 0.07]),
    ("card_type", ["Visa", "Mastercard"]),
    ("gift_card_balance", [1500, 2500]),
    ("account_number", ["0012345678", "0098765432"]),
    ("sin", [0.5, -0.25, 0.75]),
    # words that are codes elsewhere
    ("answer", ["NO", "IT", "IN", "IS"]),
    ("word", ["no", "it", "in", "is", "be", "at", "to", "so", "my", "me", "us", "do"]),
    ("state", ["CA", "AL", "DE", "IN", "PA", "GA", "MA", "MD", "ME", "MO", "NC"]),
    ("language", ["de", "fr", "es", "it"]),
    ("locale", ["en-US", "de-DE"]),
    ("airport", ["LAX", "JFK", "FRA", "MUC"]),
    ("unit", ["ALL", "TOP", "MOP"]),
    ("status", ["open", "closed", "pending"]),
    ("size", ["XS", "SM", "MD", "LG"]),
    # names of things
    ("name", ["Blue Widget", "Red Gadget", "Green Lamp", "Grey Chair", "Black Table"]),
    ("city", ["New York", "San Jose", "Santa Maria", "Saint Paul", "Charlotte Amalie"]),
    ("company", ["Miller Brothers", "Anna Textiles", "Peter Foods", "John Deere", "Karl Mayer"]),
    ("team", ["Customer Care", "Risk Signals", "Data Platform"]),
    ("owner", ["Platform Team", "Risk Signals", "Developer Experience"]),
    ("channel.name", ["log-pipeline", "flag-edge"]),
    ("full_name", ["example/secret-broker", "example/cache"]),
    ("title", ["Runbook Slow Endpoint", "Access Review Guide", "Image Pull Notes"]),
    ("product_name", ["Victoria Sofa", "Oskar Lamp", "Anna Chair", "Lena Desk", "Bruno Bed"]),
    ("event_name", ["PageView", "ButtonClick"]),
    ("customer_name", ["Acme Robotics Inc", "Globex GmbH", "Initech LLC"]),
    ("user_agent", ["Mozilla/5.0", "curl/8.0"]),
    ("user_id", [1001, 1002, 1003]),
    ("species", ["Panthera leo", "Canis lupus", "Felis catus"]),
    ("first", ["Monday", "Tuesday"]),
    ("driver", ["Nvidia Studio Driver", "Common Graphics Driver"]),
    ("parent", ["Root Category", "Sub Category"]),
    ("tenant", ["Blue Ocean", "Red River"]),
    ("seller_name", ["Corner Shop", "Best Deals"]),
    ("player_position", ["Left Wing", "Center Back"]),
    ("hurricane", ["Katrina", "Andrew", "Maria"]),
    # things with the words of addresses, places and paths
    ("email_verified", ["true", "false"]),
    ("email_count", [3, 4, 5]),
    ("package", ["lodash@4.17.21", "react@18.2.0"]),
    ("street_count", [3, 12]),
    ("latency", [52.52, 48.137]),
    ("flat", [1.5, 2.5]),
    ("lat_ms", [120.5, 230.25]),
    ("long", ["a longer text", "another one"]),
    ("birth_weight", [3200, 3500]),
    ("birth_year", [1980, 1975]),
    ("size_range", ["1.50,2.50", "3.25,400.75"]),
    ("ratio", ["1/2", "3/4"]),
    ("mime_type", ["text/html", "application/json"]),
    ("route", ["/api/v1/users", "/api/v1/orders"]),
    ("choice", ["and/or", "yes/no"]),
    ("note", ["Ring me after five.", "The meeting is on Main Street at 5 pm."]),
    ("description", ["Anna asked John Miller about it.", "See 12 High Street."]),
    ("via", ["web", "email", "phone"]),
    ("amount", ["1.234,56", "99,90"]),
    ("hash", ["aeb18d889210fb50c4de17362e37b12f13ae36b5"]),
    ("empty", ["", "n/a", "-"]),
]
