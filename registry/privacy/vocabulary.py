"""The words by which fields say what they hold, in the languages most data are named in."""

from typing import Final

from registry.privacy.words import words

EMAIL: Final = words(
    """
    correo courriel email emailaddress epost mail mailaddress 电子邮件 邮箱
    """
)
URL: Final = words(
    """
    homepage href link permalink uri url webpage webseite website 网址
    """
)
IBAN: Final = words("iban")
CARD: Final = words(
    """
    card cardno cardnumber cartao carte cartebancaire ccno ccnum ccnumber creditcard debitcard
    kartennummer kreditkarte pan payment paymentcard tarjeta
    """
)
PHONE: Final = words(
    """
    cell cellphone cellulare celular contactno contactnumber fax faxnummer handy handynummer
    landline mobil mobile mobileno mobilenumber movil msisdn phone phoneno phonenumber portable
    rufnummer tel telefon telefone telefonnummer telefono telefoon telemovel telephone
    telephonenumber whatsapp телефон 手机 手机号 电话 電話番号
    """
)
ADDRESS: Final = words(
    """
    addr address addressline adres adress adresse anschrift direccion domicilio endereco
    indirizzo residence streetaddress wohnadresse wohnort адрес 住所 地址
    """
)
STREET: Final = words("street streetname strasse calle rue straat ulica line")
NATIONAL_ID: Final = words(
    """
    aadhaar aadhar ahv ausweis ausweisnummer bsn burgerservicenummer cedula cnp codicefiscale
    cpf cpr cprnumber curp dni driverlicence driverlicense driverslicence driverslicense
    drivinglicence drivinglicense egn fnr fodselsnummer henkilotunnus hetu idcard idcardnumber
    identitycard identitynumber insee itin kennitala kimlikno nationalid nationalidentifier
    nationalidentitynumber nationalidnumber nationalinsurance nationalinsurancenumber nhsnumber
    nie nif nino nir nric numerodesecuritesociale numerosecu numerosecuritesociale oib pan
    pannumber pasaporte passeport passport passportno passportnumber persnr personalausweis
    personalid personalidentificationnumber personalidnumber personalnumber personid personnr
    personnummer pesel reisepass rodnecislo rrn rut sin socialinsurancenumber socialsecurity
    sozialversicherungsnummer ssn steuerid steueridentifikationsnummer steuernummer svnr
    svnummer taxid taxpayerid tckimlik tckimlikno tin 身份证 身份证号
    """
)
BIRTH: Final = words(
    """
    birth birthdate birthday born datadenascimento datadinascita datanascimento datanascita
    dataurodzenia datedenaissance datenaissance dateofbirth dob fechadenacimiento
    fechanacimiento fodelsedatum geboortedatum geburtsdatum geburtstag nacimiento naissance
    nascimento nascita
    """
)
LATITUDE: Final = words("lat latitude latitud latitudine breitengrad geolat")
LONGITUDE: Final = words("lon lng long longitude longitud longitudine langengrad geolon geolng")
POSITION: Final = words(
    "coordinate coord geo geopoint geolocation gps latlng latlon latlong location position"
)
COUNTRY: Final = words(
    """
    alpha2 alpha3 cc citizenship country countrycode iso iso2 isocountry kraj laendercode land
    landercd landercode maa nation nationality paese pais pays staat
    """
)
CURRENCY: Final = words(
    """
    ccy cur curr currency currencycode devise moeda moneda valuta waehrung wahrung waluta
    """
)
PATH: Final = words(
    """
    archivo chemin datei dateiname dir directory fichier file filename filepath folder path
    percorso pfad ruta verzeichnis
    """
)
USER_NAME: Final = words(
    "username login loginname userlogin screenname nickname userhandle benutzername"
)
PART_OF_NAME: Final = words(
    """
    achternaam apellido cognome efternamn etternavn familienname familyname firstname fname
    forename fornamn fornavn fullname geburtsname givenname imie lastname legalname lname
    maidenname middlename nachname namefirst namelast nazwisko nombrecompleto nomcomplet
    nomdefamille nomecompleto nomfamille nomprenom patronymic personname prenom primeironome
    sobrenome surname vollername voornaam vorname имя фамилия фио 名前 姓名 氏名
    """
)
PERSON: Final = words(
    """
    alumno applicant assignee athlete attendee attorney author borrower caller captain
    cardholder cashier ceo chairman chairperson clinician coach composer consultant contestant
    defendant dentist doctor empleado employee father founder goalkeeper guardian guest husband
    instructor insured intern interviewee interviewer investigator invitee judge lawyer minister
    mitarbeiter mother musician nurse paciente participant passager passenger patient person
    physician pilot plaintiff policyholder professor psychologist referee reporter requester
    researcher respondent reviewer salesman salesperson schuler secretary senator signatory
    signer singer spouse student supervisor surgeon suspect teacher technician therapist trainee
    tutor voter wife witness
    """
)
"""Roles that only people have."""

PARTY: Final = words(
    """
    account actor actress agent ansprechpartner approvedby assigned assignedto beneficiary
    bidder buyer by candidate child client cliente contact contactperson createdby creator
    customer director donor driver editor guarantor holder host inspector kunde lead leader
    manager member modifiedby owner parent participant partner payee payer person player
    president recipient rep representative requestedby resident rider scorer seller sender
    shopper signedby striker submitter subscriber supplier tenant updatedby user vendor victim
    worker writer
    """
)
"""Roles that people have, and companies, teams or machines too."""

FIRST: Final = words("first")
LAST: Final = words("last")
"""Names of fields that, alone, hold a given or a family name."""

UNSPECIFIC: Final = words("number no num value text raw full digit formatted string e164")
"""Words of names that leave what is meant to the object around the field."""

NAME: Final = words("name nombre nom nome naam namn navn imie")

MEASURES: Final = words(
    """
    age amount at attempt average balance brand category check class cost count date day
    duration error flag format hash height hour index kind length level limit max mean median
    min minute model month os percent percentage place platform price provider rank rate ratio
    revenue score second sent session share size source stage state status step sum time
    timestamp total type unit usage user valid verified version week weight width year zone
    """
)
"""Last words of names of what is told or measured of a thing, not the thing itself."""

GOODS: Final = words(
    """
    article asset barcode batch build case catalog catalogue code commit ean event gtin guid
    hash iccid id imei imsi invoice isbn issn item key lot model order part plu position product
    project reference revision sensor sequence serial session shipment sku ticket token trace
    tracking transaction uid upc uuid version waybill
    """
)
"""Words of things that have numbers of their own, which look like numbers of persons."""

THINGS: Final = words(
    """
    airline airport album app application artist band bank bar book branch brand bucket building
    business campaign category channel city ciudad class club column company component country
    county course database dataset department device disease dish district domain drug empresa
    event field file film firma fund gene group hospital host hotel industry ingredient
    institution island item job label lake language league library location machine manufacturer
    market material merchant metric model module month mountain movie municipality office
    operator organisation organization ort package parameter park place plan plant platform
    player product program project property province region repo repository restaurant river
    role room sample school server service shop show site software song space species stadium
    stadt stage state station status store street subject system table tag task team template
    test theme title tool town track type university unternehmen value variable vehicle vendor
    venue village ville ward zone
    """
)
"""Words of things whose names are no names of persons."""
