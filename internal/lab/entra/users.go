package entra

import "github.com/samlcli/samlcli/internal/lab"

// A user is somebody whom the tenant knows.
type user struct {
	name, password string
	refused        string   // the code with which the sign-in page refuses even the right password
	stages         []string // what comes between the password and the application
	proofs         []string // the second factors, the first by default
	federated      bool     // signs in at AD FS
	pass           string   // the Temporary Access Pass
	phone          bool     // signs in by phone, and has no password
	number         string   // that the phone shows without being asked
}

// users returns the usual people: what an adapter has to walk through, one each.
func users() map[string]*user {
	all := map[string]*user{}
	for _, u := range []*user{
		{name: "alice", password: lab.AlicePassword, stages: []string{"factor", "stay"},
			proofs: []string{"PhoneAppNotification", "PhoneAppOTP", "OneWaySMS", "ConsolidatedTelephony", "TwoWayVoiceMobile", "FidoKey"}},
		{name: "bob", password: lab.BobPassword, stages: []string{"stay"}},
		{name: "carol", password: lab.CarolPassword, refused: "50053"},
		{name: "dave", password: lab.DavePassword, stages: []string{"50105"}},
		{name: "erin", password: "outworn", stages: []string{"new password"}},
		{name: "frank", password: "federated", federated: true, stages: []string{"stay"}},
		{name: "grace", password: "graceful", stages: []string{"registration", "stay"}},
		{name: "heidi", password: "hidden", stages: []string{"device", "continue", "stay"}},
		{name: "ivan", pass: "ABC-123", stages: []string{"stay"}},
		{name: "judy", phone: true, number: "37", stages: []string{"stay"}},
		{name: "trent", phone: true, stages: []string{"stay"}},
		{name: "mallory", password: "elsewhere", stages: []string{"53003"}},
		{name: "oscar", password: "unmanaged", stages: []string{"50097"}},
		{name: "peggy", password: "factors", stages: []string{"factor"}, proofs: []string{"FidoKey"}},
	} {
		u.name += "@example.com"
		all[u.name] = u
	}
	return all
}
