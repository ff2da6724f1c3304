package lab

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"sync"
	"time"

	dsig "github.com/russellhaering/goxmldsig"
)

// A keyPair signs responses and is what the STS trusts.
type keyPair struct {
	private *rsa.PrivateKey
	cert    *x509.Certificate
}

// signingKey makes the key (RSA 2048, as AWS wants) when the first lab of a process starts; all later ones share it,
// since making one takes a tenth of a second. Its certificate covers any clock that a test may set.
var signingKey = sync.OnceValues(func() (*keyPair, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "lab"},
		NotBefore:    time.Unix(0, 0),
		NotAfter:     time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &keyPair{private: private, cert: cert}, err
})

func (k *keyPair) signing() (*dsig.SigningContext, error) {
	ctx, err := dsig.NewSigningContext(k.private, [][]byte{k.cert.Raw})
	if err != nil {
		return nil, err
	}
	ctx.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	return ctx, nil
}

func (k *keyPair) validation() *dsig.ValidationContext {
	return dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{k.cert}})
}
