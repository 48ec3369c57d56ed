"""Words that make a name sensitive, and words that make it harmless again.

Phrases are separated by commas; a phrase is one to three words in lower case. `tests/redact` has names for most.
"""


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split(","))


SECRET = _phrases(
    """
    password, passwords, passwd, passphrase, pass phrase, passcode, pass word, pwd, db pass, database pass, user pass,
    root pass, admin pass, htpasswd, secret, secrets, clientsecret, token, tokens, apitoken, accesstoken, authtoken,
    bearertoken, refreshtoken, apikey, apikeys, api key, api keys, accesskey, access key, access keys, secretkey,
    secret key, privatekey, private key, private keys, encryption key, decryption key, signing key, symmetric key,
    shared key, hmac key, tls key, ssh key, client key, deploy key, master key, auth key, account key,
    service account key, subscription key, license key, credential, credentials, cred, creds, session, sessionid,
    cookie, cookies, authorization, auth header, basic auth, bearer, jwt, otp, totp, recovery code, seed phrase,
    identitytoken, registrytoken, kubeconfig, dockerconfigjson, connection string, credit card, card number
    """
)
PERSONAL = _phrases(
    """
    email, emails, e mail, phone, telephone, mobile number, ssn, social security, national id, tax id, passport,
    driver license, drivers license, birthdate, birthday, birth date, dob, date of birth, first name, last name,
    given name, family name, maiden name, full name, surname, gender, ethnicity, nationality, home address,
    postal address, street address, bank account, iban, patient id, patient name, customer name, medical record, mrn
    """
)
# `my-secret-name` names a secret, and `password-policy` is about passwords; neither contains one.
ABOUT = frozenset(
    """
    name names ref refs reference references type types kind enabled disabled enable disable required allowed policy
    policies affinity class provider providers issuer issuers audience audiences algorithm endpoint endpoints url uri
    path paths file files filename dir directory mount mounts store stores storage engine backend manager mode version
    format header headers scope scopes domain template templates validator validation verified verification detector
    detection detected classifier classification recognition recommender recommendations model rotation refresh
    annotation annotations label labels bucket strategy arn checksum namespace cache pool support required method column
    field server notifications
    """.split()
)
# The number of a key identifies the key; the number of a session is the session.
IDENTIFIED = frozenset("token key credential credentials".split())
# A number with such a word is a quantity: `max-tokens`, `session-timeout`.
MEASURES = frozenset(
    """
    max min maximum minimum limit limits count counts total number num per rate budget quota size length usage ttl
    timeout age expiry expires expiration rotation interval window seconds minutes hours days input output prompt
    completion used remaining average avg ratio cost price latency throughput
    """.split()
)
# `eos-token-id` is about the tokens that a model reads and writes.
OF_MODELS = frozenset(
    """
    eos bos pad unk sep cls mask stop image vocab decoder encoder draft ids reasoning cached generated embedding
    special new pooling classification
    """.split()
)
UNITS = frozenset("s m h d ms us ns k M G Ki Mi Gi kB MB GB KiB MiB sec min hrs day".split())
SWITCHES = frozenset("true false yes no on off enabled disabled none".split())
# Names of URL parameters that contain a secret or a signature, in addition to names that are sensitive anywhere.
PARAMETER = frozenset("sig signature sas key auth code".split())
# Vendors. A key that only names one has a secret of that vendor as its value, if the value is opaque.
VENDORS = _phrases(
    """
    adafruit, adobe, airtable, algolia, alibaba, anthropic, artifactory, asana, atlassian, beamer, bitbucket, bittrex,
    cloudflare, codecov, cohere, coinbase, confluence, confluent, contentful, contribsys, datadog, dd, discord, dnkey,
    doppler, droneci, dropbox, etsy, facebook, fastly, finicity, finnhub, flickr, freshbooks, gitter, gocardless,
    heroku, hubspot, huggingface, intercom, jfrog, jira, kraken, kucoin, launchdarkly, linear, linkedin, lob, mailchimp,
    mailgun, mapbox, mattermost, meraki, messagebird, netlify, new relic, newrelic, nytimes, okta, openai, plaid,
    private ai, privateai, rapidapi, sendbird, sendgrid, sentry, snyk, sonar, squarespace, sumo, sumologic, telegram,
    travis, travisci, twilio, twitch, twitter, typeform, wandb, weights and biases, weights biases, yandex, zendesk
    """
)
# Words beside a vendor that say that the value only identifies something.
DESCRIBED = frozenset(
    """
    sha digest commit version revision trace span run project site entity dashboard team env environment service host
    region account org organization workspace group artifact experiment job build branch tag label hash etag id
    """.split()
)
