"""The phrases of the default vocabulary: which sources and ranges stand for which words.

Data only, one line per meaning: sources, a colon, the phrases. `vocabulary.py` says how to read it.
"""

from __future__ import annotations

from typing import Final

__all__ = ["DESCRIPTIONS", "FORMATS", "IDENTITIES", "RANGES", "WORDS"]

WORDS: Final = """
first: first name, firstname, given name, givenname, forename, fname
last: last name, lastname, surname, family name, familyname, lname
faker.first_name: middle name, nickname, nick
person: full name, fullname, display name, real name, contact name, customer name, person name
person: user name full
person: author, owner, assignee, reviewer, recipient name, sender name, cardholder, cardholder name
person: account holder
person: user.name, customer.name, contact.name, person.name, employee.name, member.name, author.name
person: owner.name
person: recipient.name, agent.name, patient.name, passenger.name, guest.name, driver.name, student.name
person: teacher.name, lead.name, candidate.name, profile.name, payer.name, beneficiary.name, created by
person: updated by
person: subscriber.name, sender.name, participant.name, attendee.name, buyer.name, seller.name, billing.name
handle: username, user name, login, screen name, handle, user login
email; email.short: email, email address, mail, e mail, emailaddress, contact email
phone; msisdn; faker.phone_number: phone, phone number, phonenumber, mobile, mobile number, telephone, tel
phone; msisdn; faker.phone_number: cell, fax
phone; msisdn: msisdn, whatsapp, caller id, calling number, called number, fax number, contact
faker.company: company, company name, organization, organisation, organization name, employer, vendor
faker.company: supplier
faker.company: merchant, manufacturer, brand, publisher, legal name, business name, issuer, account name
faker.company: tenant
faker.company: company.name, organization.name, organisation.name, account.name, vendor.name, supplier.name
faker.company: merchant.name, manufacturer.name, brand.name, tenant.name, business.name, client.name
faker.company: partner.name
faker.job: job, job title, occupation, profession, position
faker.prefix: salutation, honorific, prefix
street: street, street address, address line, line, address1, street name, line1, thoroughfare
address: address, full address, formatted address, postal address, billing address, shipping address
one of Suite 12, Floor 3, Building B, Unit 7: address line2, line2, address2, unit
city: city, town, locality, city name, municipality, place
region; region_code: state, province, region, county, state name, administrative area
country.region_code: state code, region code, province code, subdivision
postcode; number: zip, zip code, zipcode, postal code, postalcode, postcode
country.name; country.alpha2; country.alpha3: country, country name, nationality
country.alpha2; country.alpha3; country.numeric: country code, countrycode, iso country, country iso
country.alpha2; country.alpha3; country.numeric: country iso2
country.alpha2; country.alpha3: alpha2, iso2, country code2
country.alpha3; country.alpha2: alpha3, iso3, country iso3
calling: calling code, dial code, country prefix, phone code, dialing code
country.currency; country.name: currency, currency code, currencycode, iso currency
country.symbol: currency symbol
country.locale; country.language: locale, lang, language code, culture
country.language; country.locale: language
country.zone: timezone, time zone, tz, zone id
country.mcc: mcc, mobile country code
country.mnc: mnc, mobile network code
country.network: network, operator, carrier, network name, carrier name, operator name
imsi: imsi
iccid; iccid20: iccid, sim id, icc id, sim number, simid
imei: imei
imeisv: imeisv
eui64; eui64.colons; eui64.hyphens: dev eui, deveui, eui, app eui, appeui, join eui, joineui, gateway eui
eui64; eui64.colons; eui64.hyphens: eui64
hex8: dev addr, devaddr
hex32: app key, appkey, nwk key, app s key, nwk s key, appskey, nwkskey
mac; mac.hyphens; mac.plain: mac, mac address, macaddress, bssid
faker.iban: iban
faker.swift11; faker.swift8: bic, swift, swift code, bic code
card: card number, credit card, credit card number, pan
card.masked: masked card, masked number
digits4: last4, last four, last digits, card last4, pin
digits3: cvv, cvc, cvv2, security code
faker.bban: account number, bank account, bank account number
faker.ssn: ssn, national id, social security number
one of DE123456789, FR12345678901, NL123456789B01, ATU12345678: vat, vat id, vat number, tax id, tax number
uuid4; hex24; hex16; hex32; number: id, uuid, guid, identifier, uid, oid, request id, correlation id
uuid4; hex24; hex16; hex32; number: trace id
uuid4; hex24: reference id, external id, session id, transaction id, order id, user id, customer id
uuid4; hex24: account id
ipv4; ipv6: ip, ip address, ipaddress, ipv4, ipv4 address, ip addr, remote addr, client ip
ipv6: ipv6, ipv6 address
cidr: cidr, subnet, ip range, network cidr, prefix cidr
url; url.item: url, uri, link, href, website, homepage, web site, site, permalink, endpoint, base url
url; url.item: location
url.item: self, next, previous, prev, resource, html url, api url, web url
url.image: image, image url, avatar, avatar url, photo, picture, thumbnail, logo, icon, photo url, logo url
url.image: icon url, cover, image uri, picture url, thumbnail url, banner, profile image
url.file: download url, file url, document url, pdf, invoice pdf, attachment url, download link, pdf url
url.hook: webhook, webhook url, callback, callback url, hook, redirect uri, redirect url, notification url
domain: domain, domain name, hostname, host, server, fqdn, server name
faker.user_agent: user agent, useragent, browser
file: file, file name, filename, attachment, document name
path: path, file path, filepath, directory, folder, pathname
one of application/pdf, image/png, text/csv, application/json: mime type, mimetype, content type, media type
one of application/pdf, image/png, text/csv, application/json: mime
one of pdf, png, csv, json: extension, file extension, file type
colour; faker.color_name: color, colour, hex color, background color, color code
faker.color_name: color name, colour name
latitude: lat, latitude
longitude: lng, lon, long, longitude
amount: amount, price, total, balance, cost, subtotal, fee, tax, value amount, unit amount, unit price
version: version, release, app version, firmware version, firmware, software version, api version
slug: slug, permalink slug, url slug, handle slug, key
hex32; hex40; hex64; hex24; hex16: token, hash, digest, secret, api key, apikey, access token, refresh token
hex32; hex40; hex64; hex24; hex16: nonce
hex32; hex64: client secret, fingerprint, signature, password hash, salt, private key, public key, client id
hex32: md5, md5 sum
hex40: sha, sha1, commit, commit id, commit sha
hex64: sha256, checksum
hex128: sha512
etag: etag, e tag
jwt: jwt, id token, bearer token
one of s3cret-Passw0rd, correct-Horse-7: password, passphrase, passwd
sentence; title: description, summary, comment, comments, note, notes, message, details, remark, remarks
sentence; title: reason
sentence: text, body, content, bio, about, abstract, caption, instructions, explanation, feedback, info
sentence: detail
title; faker.catch_phrase: title, subject, headline, heading, label, topic, display title
label; title; slug; faker.word: name, product name, project name
month: month, billing month, period month
country.alpha2: market, region market, territory
faker.word: tag, keyword, label key, topic tag, word, attribute
one of active, pending, suspended, closed; one of ok, ready, done: status, state status, current status
one of standard, basic, premium; one of primary, secondary: type, kind, category, class, tier, plan, level
one of standard, basic, premium; one of primary, secondary: group
one of female, male, other; one of F, M: gender, sex
one of high, normal, low: priority, severity, importance, urgency
one of admin, editor, viewer: role, permission, access level
one of read, write: scope, privilege
one of web, email, phone, chat: channel, source channel, medium
one of kg, m, l, pcs; one of MB, GB: unit of measure, uom, measurement unit
one of asc, desc: sort order, sort direction, order by direction
one of GET, POST, PUT, DELETE: http method, method, verb
one of card, bank_transfer, invoice: payment method, payment type
one of visa, mastercard, amex: card brand, card type, card scheme
one of engineering, sales, support, finance: department, team, division, team.name, department.name
one of red, green, blue: variant
one of production, staging, development: environment, env, stage
one of eu-west-1, us-east-1, ap-south-1: region id, aws region, data center, datacenter, cluster
one of gps, lte, nb-iot, lorawan: technology, rat, radio
slug; hex8: sku, code, product code, coupon, coupon code, promo code, item code, part number
number: number, no, nr, order number, invoice number, ticket number, reference number, serial, serial number
"""

FORMATS: Final = """
email; email.short: email, idn-email
domain; domain.short: hostname, idn-hostname, host, domain
ipv4; ipv4.short: ipv4, ip, ip-address
ipv6: ipv6
url: uri, url, iri, http-url, https-url
path: uri-reference, iri-reference
template: uri-template
uuid4: uuid, guid, uuid4
uuid1: uuid1
uuid3: uuid3
uuid5: uuid5
uuid7: uuid7
duration: duration
pointer: json-pointer
pointer.relative: relative-json-pointer
regex: regex
base64: byte, base64, base64url, binary
one of s3cret-Passw0rd, correct-Horse-7: password
phone; msisdn: phone, phone-number, telephone, e164, tel, mobile
country.alpha2: country, country-code, iso-3166, iso-3166-1, iso-country-code, iso3166-alpha2
country.alpha3: iso-3166-alpha-3, iso3166-alpha3
country.currency: currency, currency-code, iso-4217, iso4217
country.locale: locale, bcp47, language-tag
country.language: language
country.zone: timezone, time-zone, iana-timezone
card: credit-card, creditcard, card-number, pan
faker.iban: iban
faker.swift11: bic, swift
iccid; iccid20: iccid
imsi: imsi
imei: imei
msisdn: msisdn
eui64; eui64.colons; eui64.hyphens: eui64, eui-64, deveui
mac; mac.hyphens: mac, mac-address, mac48
colour: color, hex-color, colour, rgb
version: semver, version
slug: slug
hex24: objectid, object-id, mongo-id
hex32: md5
hex40: sha1
hex64: sha256
jwt: jwt
cidr: cidr, ipv4-cidr, ip-network
amount: decimal, money, numeric
number: int64, int32, integer, unixtime, uint64, int-or-string
faker.isbn13: isbn, isbn13, isbn-13
faker.isbn10: isbn10, isbn-10
faker.ean13: ean, ean13, gtin
file: filename, file-name
path: path, file-path
sentence: markdown, html, text, multiline
urn: urn
faker.first_name: first-name
faker.ssn: ssn
postcode: zip, zip-code, postal-code, postcode
"""

DESCRIPTIONS: Final = """
country.currency: iso 4217, currency code
country.alpha2; country.alpha3; country.name: iso 3166, country code
country.zone: iana time zone, time zone identifier, tz database
phone; msisdn: e.164, phone number
email: email address, e-mail address
iccid; iccid20: iccid
imsi: imsi
imei: imei
eui64; eui64.colons; eui64.hyphens: eui-64, deveui, dev eui
mac: mac address
uuid4: uuid, guid, unique identifier
faker.iban: iban
ipv4: ip address
url: url of, absolute url, link to
country.locale: bcp 47, ietf language tag, language tag
hex64: sha-256, sha256
"""

#: Low, high, step: the phrases.
RANGES: Final = """
1, 99999, 1: id, identifier, number, no, uid, user id, key, reference
18, 79, 1: age
1, 5, 1: rating, stars, score stars, star rating
0, 100, 1: score, percent, percentage, progress, battery, battery level, humidity, completion, pct
0, 100, 1: popularity
0, 100, 1: soc, utilization, usage percent
0, 50, 0.01: tax rate, discount percent, vat rate, interest rate
0, 1, 0.01: probability, confidence, ratio, rate, similarity, opacity, weight factor, alpha
1, 20, 1: count, quantity, qty, total count, items, size, length, retries, attempts, copies, seats
0, 20, 1: unread, failures, errors, views, likes, remaining, stock, inventory, votes, replies
10, 100, 1: limit, page size, per page, max items, pagesize
1, 5, 1: page, page number, current page, level, priority, position, rank, pages, total pages, disc number
1, 5, 1: track number, line number
0, 50, 1: offset, index, skip, start index, order, sequence
1, 999.99, 0.01: amount, price, total, subtotal, cost, fee, balance, sum, value, net, gross, tax
1, 999.99, 0.01: discount, unit price, total price, total amount, revenue, salary, budget, charge
-60, 70, 0.000001: lat, latitude
-180, 180, 0.000001: lng, lon, longitude
0, 2500, 1: altitude, elevation
2015, 2024, 1: year, model year
1, 12, 1: month, expiry month, exp month
2025, 2029, 1: expiry year, exp year
1, 28, 1: day, day of month
0, 23, 1: hour, hours
0, 59, 1: minute, second, minutes
1, 7, 1: weekday, day of week
1, 365, 1: days, retention days
1, 3600, 1: duration, seconds, ttl, expires in, interval, timeout, latency, delay, elapsed
100, 300000, 1: milliseconds, ms, duration ms, response time, millis
1024, 104857600, 1: bytes, file size, content length, filesize, data usage, volume, size bytes
1, 4096, 1: width, height, pixels
1, 200, 0.1: weight, distance, depth, volume l, radius, distance km
-10, 35, 0.1: temperature, temp
-120, -60, 1: rssi, signal, signal strength, rsrp
-10, 12, 0.1: snr, sinr
1024, 49151, 1: port
400, 404, 1: status code, http status
1, 10, 1: version, revision
1, 300, 1: calories, duration minutes, min
"""

#: Last words of names whose values tell one record from another.
IDENTITIES: Final = """
id uuid guid uid identifier key token iccid imsi imei eui serial number sku reference slug email username
msisdn href url name
"""
