package saml

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/russellhaering/gosaml2/types"
)

// Metadata is what identity providers publish of themselves: who they are and with which certificates they sign. Whether it
// is theirs, its reader knows from where it came: no signature of its own is looked at.
type Metadata struct {
	certificates map[string][]*x509.Certificate // by issuer
}

// maxMetadata is far more than one provider publishes, and less than a federation of thousands does.
const maxMetadata = 8 << 20

// ParseMetadata reads the metadata of one identity provider, or of several in one document.
func ParseMetadata(data []byte) (*Metadata, error) {
	if len(data) > maxMetadata {
		return nil, fmt.Errorf("the metadata is larger than %d MiB", maxMetadata>>20)
	}
	m := &Metadata{map[string][]*x509.Certificate{}}
	for _, e := range readEntities(data) {
		if e.IDPSSODescriptor == nil {
			continue
		}
		issuer := strings.TrimSpace(e.EntityID)
		m.certificates[issuer] = append(m.certificates[issuer], signing(e.IDPSSODescriptor)...)
	}
	if len(m.certificates) == 0 {
		return nil, &FormatError{KindNotMetadata, "the text is not the SAML metadata of an identity provider"}
	}
	return m, nil
}

// readEntities returns those of data; none where it is no metadata.
func readEntities(data []byte) []types.EntityDescriptor {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var one types.EntityDescriptor
	if xml.Unmarshal(data, &one) == nil {
		return []types.EntityDescriptor{one}
	}
	var several struct {
		XMLName  xml.Name                 `xml:"urn:oasis:names:tc:SAML:2.0:metadata EntitiesDescriptor"`
		Entities []types.EntityDescriptor `xml:"urn:oasis:names:tc:SAML:2.0:metadata EntityDescriptor"`
	}
	if xml.Unmarshal(data, &several) != nil {
		return nil
	}
	return several.Entities
}

// signing returns the certificates of the keys that are not for encryption alone.
func signing(idp *types.IDPSSODescriptor) (found []*x509.Certificate) {
	for _, key := range idp.KeyDescriptors {
		if key.Use == "encryption" {
			continue
		}
		for _, c := range key.KeyInfo.X509Data.X509Certificates {
			if certificate := readCertificate(c.Data); certificate != nil {
				found = append(found, certificate)
			}
		}
	}
	return found
}

// readCertificate reads the base64 of one, with whatever white space; nil if it is none.
func readCertificate(text string) *x509.Certificate {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil
	}
	return certificate
}
