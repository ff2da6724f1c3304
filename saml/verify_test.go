package saml

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// signer is a provider's key for the tests, whose certificate expired long ago: neither AWS nor Verify minds.
type signer struct {
	key  *rsa.PrivateKey
	cert []byte
}

func newSigner() *signer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "idp"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1, 0)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	return &signer{key, cert}
}

var (
	provider = sync.OnceValue(newSigner)
	stranger = sync.OnceValue(newSigner)
)

func (s *signer) sign(t testing.TB, e *etree.Element, method string) {
	t.Helper()
	ctx, err := dsig.NewSigningContext(s.key, [][]byte{s.cert})
	if err != nil {
		t.Fatal(err)
	}
	ctx.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	if err := ctx.SetSignatureMethod(method); err != nil {
		t.Fatal(err)
	}
	signature, err := ctx.ConstructSignature(e, true)
	if err != nil {
		t.Fatal(err)
	}
	e.InsertChildAt(1, signature)
}

// describe is the metadata of an issuer with the certificates of some signers.
func describe(issuer string, signers ...*signer) string {
	var keys strings.Builder
	for _, s := range signers {
		keys.WriteString(`<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>` +
			"\n  " + base64.StdEncoding.EncodeToString(s.cert) + "\n</X509Certificate></X509Data></KeyInfo></KeyDescriptor>")
	}
	return `<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="` + issuer +
		`"><IDPSSODescriptor protocolSupportEnumeration="x">` + keys.String() + `</IDPSSODescriptor></EntityDescriptor>`
}

func metadata(t testing.TB, issuer string, signers ...*signer) *Metadata {
	t.Helper()
	m, err := ParseMetadata([]byte(describe(issuer, signers...)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const issuer = "https://idp.example.com/metadata"

// document is an unsigned response of the usual shape.
func document(t testing.TB) *etree.Element {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(`<samlp:Response xmlns:samlp="` + protocolNS + `" xmlns:saml="` + assertionNS + `" ID="_r" Version="2.0" IssueInstant="2026-11-20T10:00:00Z" Destination="https://signin.aws.amazon.com/saml">` +
		`<saml:Issuer>` + issuer + `</saml:Issuer><samlp:Status><samlp:StatusCode Value="` + success + `"/></samlp:Status>` +
		`<saml:Assertion ID="_a" Version="2.0" IssueInstant="2026-11-20T10:00:00Z"><saml:Issuer>` + issuer + `</saml:Issuer>` +
		`<saml:Subject><saml:NameID>alice</saml:NameID><saml:SubjectConfirmation Method="` + bearer + `"><saml:SubjectConfirmationData NotOnOrAfter="2026-11-20T10:05:00Z" Recipient="https://signin.aws.amazon.com/saml"/></saml:SubjectConfirmation></saml:Subject>` +
		`<saml:Conditions NotBefore="2026-11-20T09:59:00Z" NotOnOrAfter="2026-11-20T10:05:00Z"><saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
		`<saml:AttributeStatement><saml:Attribute Name="` + roleAttribute + `"><saml:AttributeValue>arn:aws:iam::123456789012:role/Reader,arn:aws:iam::123456789012:saml-provider/P</saml:AttributeValue></saml:Attribute>` +
		`<saml:Attribute Name="` + sessionNameAttribute + `"><saml:AttributeValue>alice@example.com</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>`); err != nil {
		t.Fatal(err)
	}
	return doc.Root()
}

func assertionOf(root *etree.Element) *etree.Element { return root.SelectElement("Assertion") }

// signAssertion signs the assertion of a response, with its namespaces in it, as providers do.
func signAssertion(t testing.TB, s *signer, root *etree.Element, method string) {
	t.Helper()
	assertionOf(root).CreateAttr("xmlns:saml", assertionNS)
	s.sign(t, assertionOf(root), method)
}

func written(t testing.TB, root *etree.Element) string {
	t.Helper()
	doc := etree.NewDocumentWithRoot(root)
	text, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parsed(t testing.TB, xml string) *Response {
	t.Helper()
	r, err := Parse(encode(xml))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func faultOf(err error) SignatureFault {
	var fault *SignatureError
	if errors.As(err, &fault) {
		return fault.Fault
	}
	return ""
}

func TestVerify(t *testing.T) {
	t.Parallel()
	for _, method := range []string{dsig.RSASHA256SignatureMethod, dsig.RSASHA1SignatureMethod, dsig.RSASHA512SignatureMethod} {
		for covers, sign := range map[string]func(*etree.Element){
			"assertion": func(root *etree.Element) { signAssertion(t, provider(), root, method) },
			"response":  func(root *etree.Element) { provider().sign(t, root, method) },
			"both": func(root *etree.Element) {
				signAssertion(t, provider(), root, method)
				provider().sign(t, root, method)
			},
		} {
			root := document(t)
			sign(root)
			r := parsed(t, written(t, root))
			got, err := r.Verify(metadata(t, issuer, stranger(), provider()))
			if err != nil {
				t.Errorf("%s by %s: %v", covers, method, err)
				continue
			}
			if covers == "both" {
				covers = "response"
			}
			if got.Covers != covers || !strings.HasSuffix(method, got.Algorithm) || string(got.Certificate.Raw) != string(provider().cert) {
				t.Errorf("%s by %s: %+v", covers, method, got)
			}
			if _, err := r.Intact(); err != nil {
				t.Errorf("%s by %s, by its own certificate: %v", covers, method, err)
			}
			if claims := r.Signatures(); len(claims) == 0 || !claims[0].Certificate.Equal(got.Certificate) || claims[0].Covers != covers {
				t.Errorf("%s: claims %+v", covers, claims)
			}
			checkFault(t, covers+", another's metadata", r, metadata(t, "https://other.example.com", provider()), OtherIssuer)
			checkFault(t, covers+", another key", r, metadata(t, issuer, stranger()), OtherKey)
			checkFault(t, covers+", no key", r, metadata(t, issuer), Unsupported)
		}
	}
}

func checkFault(t *testing.T, name string, r *Response, m *Metadata, want SignatureFault) {
	t.Helper()
	if _, err := r.Verify(m); faultOf(err) != want {
		t.Errorf("%s: %v, want a fault %q", name, err, want)
	}
}

// TestVerifyWithoutKeyInfo: some providers name their key by a name alone, or not at all, and wrap what they write.
func TestVerifyWithoutKeyInfo(t *testing.T) {
	t.Parallel()
	root := document(t)
	provider().sign(t, root, dsig.RSASHA256SignatureMethod)
	xml := written(t, root)
	start, end := strings.Index(xml, "<ds:KeyInfo"), strings.Index(xml, "</ds:Signature>")
	xml = xml[:start] + "<ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo>" + xml[end:]
	xml = strings.Replace(xml, "<ds:SignatureValue>", "<ds:SignatureValue>\r\n\t  ", 1)
	r := parsed(t, xml)
	if _, err := r.Verify(metadata(t, issuer, stranger(), provider())); err != nil {
		t.Error(err)
	}
	checkFault(t, "another key", r, metadata(t, issuer, stranger()), OtherKey)
	if _, err := r.Intact(); faultOf(err) != Unsupported {
		t.Errorf("without a certificate: %v", err)
	}
}

// TestVerifyRefuses: what was changed, and what was made to be taken for what was signed.
func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	m := metadata(t, issuer, provider())
	for _, c := range []struct {
		name   string
		change func(root *etree.Element)
		want   SignatureFault
	}{
		{"a role", func(root *etree.Element) {
			root.FindElement("//AttributeValue").SetText("arn:aws:iam::123456789012:role/Admin,arn:aws:iam::123456789012:saml-provider/P")
		}, Changed},
		{"an attribute", func(root *etree.Element) { assertionOf(root).CreateAttr("IssueInstant", "2026-11-20T11:00:00Z") }, Changed},
		{"the signature's value", func(root *etree.Element) { root.FindElement("//ds:SignatureValue").SetText("AAAA") }, Changed},
		{"no signature's value", func(root *etree.Element) { root.FindElement("//ds:SignatureValue").SetText("?") }, Changed},
		{"the digest", func(root *etree.Element) { root.FindElement("//ds:DigestValue").SetText("AAAA") }, Changed},
		{"the certificate", func(root *etree.Element) {
			root.FindElement("//ds:X509Certificate").SetText(base64.StdEncoding.EncodeToString(stranger().cert))
		}, ""},
		{"no reference", func(root *etree.Element) { remove(root.FindElement("//ds:Reference")) }, Wrapped},
		{"no ID", func(root *etree.Element) { assertionOf(root).RemoveAttr("ID") }, Wrapped},
		{"an empty reference", func(root *etree.Element) { root.FindElement("//ds:Reference").CreateAttr("URI", "") }, Wrapped},
		{"another reference", func(root *etree.Element) { root.FindElement("//ds:Reference").CreateAttr("URI", "#_r") }, Wrapped},
		{"an algorithm without a key", func(root *etree.Element) {
			root.FindElement("//ds:SignatureMethod").CreateAttr("Algorithm", "http://www.w3.org/2000/09/xmldsig#hmac-sha1")
		}, Unsupported},
		{"ECDSA", func(root *etree.Element) {
			root.FindElement("//ds:SignatureMethod").CreateAttr("Algorithm", dsig.ECDSASHA256SignatureMethod)
		}, Unsupported},
		{"a transform", func(root *etree.Element) {
			root.FindElement("//ds:Transform").CreateAttr("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")
		}, Unsupported},
		{"a canonical form", func(root *etree.Element) {
			root.FindElement("//ds:CanonicalizationMethod").CreateAttr("Algorithm", "urn:x")
		}, Unsupported},
		{"two signatures", func(root *etree.Element) { assertionOf(root).AddChild(root.FindElement("//ds:Signature").Copy()) }, Wrapped},
		{"two SignedInfo", func(root *etree.Element) {
			root.FindElement("//ds:Signature").AddChild(root.FindElement("//ds:SignedInfo").Copy())
		}, Wrapped},
		{"no signature", func(root *etree.Element) { remove(root.FindElement("//ds:Signature")) }, Unsigned},
		{"an ID twice", func(root *etree.Element) { root.CreateElement("samlp:Extensions").CreateAttr("ID", "_a") }, Wrapped},
		{"an id twice", func(root *etree.Element) { root.CreateElement("samlp:Extensions").CreateAttr("xml:id", "_a") }, Wrapped},
		{"an object", func(root *etree.Element) { root.FindElement("//ds:Signature").CreateElement("ds:Object") }, Wrapped},
		{"the signature elsewhere", func(root *etree.Element) { root.AddChild(root.FindElement("//ds:Signature")) }, Wrapped},
		{"the signature deeper", func(root *etree.Element) {
			assertionOf(root).SelectElement("Subject").AddChild(root.FindElement("//ds:Signature"))
		}, Unsigned},
	} {
		root := document(t)
		signAssertion(t, provider(), root, dsig.RSASHA256SignatureMethod)
		c.change(root)
		_, err := parsed(t, written(t, root)).Verify(m)
		if faultOf(err) != c.want || err != nil && c.want == "" {
			t.Errorf("%s: %v, want a fault %q", c.name, err, c.want)
		}
	}
}

func remove(e *etree.Element) { e.Parent().RemoveChild(e) }

// TestWrapping moves the signed assertion to where a checker might find it, and puts another where a reader might.
func TestWrapping(t *testing.T) {
	t.Parallel()
	m := metadata(t, issuer, provider())
	evil := func(signed *etree.Element, id string) *etree.Element {
		e := signed.Copy()
		e.CreateAttr("ID", id)
		e.FindElement("//AttributeValue").SetText("arn:aws:iam::123456789012:role/Admin,arn:aws:iam::123456789012:saml-provider/P")
		return e
	}
	unsigned := func(e *etree.Element) *etree.Element { remove(e.FindElement("./ds:Signature")); return e }
	for name, wrap := range map[string]func(root *etree.Element){
		"before": func(root *etree.Element) { root.InsertChildAt(2, unsigned(evil(assertionOf(root), "_e"))) },
		"after":  func(root *etree.Element) { root.AddChild(unsigned(evil(assertionOf(root), "_e"))) },
		"around": func(root *etree.Element) {
			signed := assertionOf(root)
			e := unsigned(evil(signed, "_e"))
			e.AddChild(signed)
			root.AddChild(e)
		},
		"in an object of the other's signature": func(root *etree.Element) {
			signed := assertionOf(root)
			e := evil(signed, "_e")
			e.FindElement("./ds:Signature").CreateElement("ds:Object").AddChild(signed)
			root.AddChild(e)
		},
		"in extensions, under the same ID": func(root *etree.Element) {
			signed := assertionOf(root)
			root.AddChild(evil(signed, "_a"))
			root.CreateElement("samlp:Extensions").AddChild(signed)
		},
		"in an attribute": func(root *etree.Element) {
			signed := assertionOf(root)
			e := evil(signed, "_e")
			e.FindElement("//AttributeValue").AddChild(signed)
			root.AddChild(e)
		},
	} {
		root := document(t)
		signAssertion(t, provider(), root, dsig.RSASHA256SignatureMethod)
		wrap(root)
		r, err := Parse(encode(written(t, root)))
		if err == nil {
			_, err = r.Verify(m)
		}
		if err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
}

// TestWrappedResponse is the same with a signed response inside of another one: what is read is the outer one, which nobody
// signed.
func TestWrappedResponse(t *testing.T) {
	t.Parallel()
	root := document(t)
	provider().sign(t, root, dsig.RSASHA256SignatureMethod)
	signature := root.FindElement("./ds:Signature")
	outer := document(t)
	signed := root.Copy()
	remove(signed.FindElement("./ds:Signature"))
	remove(assertionOf(signed)) // two are refused by Parse
	outer.InsertChildAt(1, signature)
	signature.CreateElement("ds:Object").AddChild(signed)
	outer.CreateAttr("ID", "_e")
	checkFault(t, "another ID", parsed(t, written(t, outer)), metadata(t, issuer, provider()), Wrapped)
	outer.CreateAttr("ID", "_r")
	checkFault(t, "the same ID", parsed(t, written(t, outer)), metadata(t, issuer, provider()), Wrapped)
}

// TestWhatIsSignedIsWhatIsRead: no canonical form has comments, and to a reader who ends a value at one they change it.
func TestWhatIsSignedIsWhatIsRead(t *testing.T) {
	t.Parallel()
	root := document(t)
	signAssertion(t, provider(), root, dsig.RSASHA256SignatureMethod)
	xml := strings.Replace(written(t, root), "role/Reader,", "role/Re<!-- -->ader<?x?>,", 1)
	r := parsed(t, xml)
	if want := "Reader"; len(r.Roles) != 1 || r.Roles[0].Name() != want {
		t.Errorf("read %v", r.Roles)
	}
	checkFault(t, "an instruction", r, metadata(t, issuer, provider()), Changed)
	r = parsed(t, strings.Replace(xml, "<?x?>", "", 1))
	if _, err := r.Verify(metadata(t, issuer, provider())); err != nil {
		t.Errorf("a comment: %v", err)
	}
	r.Roles[0].ARN = "arn:aws:iam::123456789012:role/Admin"
	checkFault(t, "a response that says more than its text", r, metadata(t, issuer, provider()), Wrapped)
}

// TestVerifyMany: as many roles as AWS takes, and some more than the library does.
func TestVerifyMany(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]SignatureFault{700: "", 2000: Unsupported} {
		root := document(t)
		roles := root.FindElement("//Attribute")
		for range n {
			roles.AddChild(roles.ChildElements()[0].Copy())
		}
		signAssertion(t, provider(), root, dsig.RSASHA256SignatureMethod)
		checkFault(t, "many", parsed(t, written(t, root)), metadata(t, issuer, provider()), want)
	}
}

func TestVerifyEncrypted(t *testing.T) {
	t.Parallel()
	root := document(t)
	remove(assertionOf(root))
	root.AddChild(etree.NewElement("saml:EncryptedAssertion"))
	m := metadata(t, issuer, provider())
	checkFault(t, "signed inside", parsed(t, written(t, root)), m, Unsupported)
	provider().sign(t, root, dsig.RSASHA256SignatureMethod)
	if _, err := parsed(t, written(t, root)).Verify(m); err != nil {
		t.Errorf("signed outside: %v", err)
	}
}

func TestParseMetadata(t *testing.T) {
	t.Parallel()
	cert := base64.StdEncoding.EncodeToString(provider().cert)
	one := func(id, use string) string {
		return `<md:EntityDescriptor entityID="` + id + `"><md:IDPSSODescriptor><md:KeyDescriptor` + use + `><ds:KeyInfo><ds:X509Data><ds:X509Certificate>` + cert +
			`</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor></md:IDPSSODescriptor></md:EntityDescriptor>`
	}
	m, err := ParseMetadata([]byte("\ufeff" + `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">` +
		one("a", "") + one("b", ` use="signing"`) + one("c", ` use="encryption"`) + `<md:EntityDescriptor entityID="sp"/></md:EntitiesDescriptor>`))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]int{"a": 1, "b": 1, "c": 0, "sp": 0} {
		if got := len(m.certificates[id]); got != want {
			t.Errorf("%s: %d certificates, want %d", id, got, want)
		}
	}
	for name, text := range map[string]string{
		"nothing":    "",
		"a page":     "<!DOCTYPE html><html></html>",
		"a response": written(t, document(t)),
		"a service":  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="sp"><SPSSODescriptor/></EntityDescriptor>`,
		"an entity":  `<!DOCTYPE x [<!ENTITY a "b">]><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="&a;"/>`,
		"too large":  strings.Repeat(" ", maxMetadata+1),
	} {
		if _, err := ParseMetadata([]byte(text)); err == nil {
			t.Errorf("%s is taken for metadata", name)
		}
	}
}

// TestFixturesUnproven: what the fixtures say of their signatures proves nothing.
func TestFixturesUnproven(t *testing.T) {
	t.Parallel()
	for _, file := range fixtureFiles(t) {
		r, err := Parse(base64.StdEncoding.EncodeToString(readFile(t, file)))
		if err != nil {
			continue
		}
		_, verified := r.Verify(metadata(t, r.Issuer, provider()))
		_, intact := r.Intact()
		if !slices.Contains([]SignatureFault{Unsigned, Unsupported, Wrapped, OtherKey, Changed}, faultOf(verified)) || faultOf(intact) == "" {
			t.Errorf("%s: %v, %v", file, verified, intact)
		}
	}
}
