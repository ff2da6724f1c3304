package lab

import (
	"crypto/rand"
	"encoding/xml"
	"net/http"
)

// The shapes of STS's answers on the wire.
type (
	assumed struct {
		User             assumedUser `xml:"AssumedRoleUser"`
		Keys             keys        `xml:"Credentials"`
		Subject          string
		SubjectType      string
		Issuer           string
		Audience         string
		NameQualifier    string
		PackedPolicySize int
	}
	assumedUser struct {
		ID  string `xml:"AssumedRoleId"`
		ARN string `xml:"Arn"`
	}
	keys struct {
		ID      string `xml:"AccessKeyId"`
		Secret  string `xml:"SecretAccessKey"`
		Token   string `xml:"SessionToken"`
		Expires string `xml:"Expiration"`
	}
	assumedByToken struct {
		User             assumedUser `xml:"AssumedRoleUser"`
		Keys             keys        `xml:"Credentials"`
		Subject          string      `xml:"SubjectFromWebIdentityToken"`
		Provider         string
		Audience         string
		PackedPolicySize int
	}
	caller struct {
		ARN     string `xml:"Arn"`
		ID      string `xml:"UserId"`
		Account string
	}
	fault struct{ Type, Code, Message string }
	about struct{ RequestId string }
)

func assumeRoleResponse(result assumed) any {
	return struct {
		XMLName xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ AssumeRoleWithSAMLResponse"`
		Result  assumed  `xml:"AssumeRoleWithSAMLResult"`
		About   about    `xml:"ResponseMetadata"`
	}{Result: result, About: about{rand.Text()}}
}

func webIdentityResponse(result assumedByToken) any {
	return struct {
		XMLName xml.Name       `xml:"https://sts.amazonaws.com/doc/2011-06-15/ AssumeRoleWithWebIdentityResponse"`
		Result  assumedByToken `xml:"AssumeRoleWithWebIdentityResult"`
		About   about          `xml:"ResponseMetadata"`
	}{Result: result, About: about{rand.Text()}}
}

func callerIdentityResponse(g grant) any {
	return struct {
		XMLName xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ GetCallerIdentityResponse"`
		Result  caller   `xml:"GetCallerIdentityResult"`
		About   about    `xml:"ResponseMetadata"`
	}{Result: caller{g.arn, g.id, g.account}, About: about{rand.Text()}}
}

func errorResponse(no *refusal) any {
	return struct {
		XMLName   xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ ErrorResponse"`
		Error     fault
		RequestId string
	}{Error: fault{"Sender", no.code, no.message}, RequestId: rand.Text()}
}

func writeXML(w http.ResponseWriter, status int, answer any) {
	text, err := xml.MarshalIndent(answer, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n'))
}
