package main

import (
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"strings"
)

// unseenPlaces are providers that have secrets and names beyond their forms: in paths and comments, beside other words.
func unseenPlaces() []unseen {
	const (
		path, upper, number = "vswcvyjxtf", "PKRBGTJKQWZAOERIUTYAOSID", "60289450853462200646"
		words, picture      = "falcon-bramble-cobalt", "qqZlajNrrU63RLrGxDhhyrFnkjuP90b52wZ8U0mMonzsq+WHMp/01/qSshzjoVEf"
	)
	return []unseen{
		{"paths and their parameters", "squispe", "nectar&<\"'+% puffin>", 4, []string{path, "OiZxDWWJVi", upper, number, "dwiPPo8ZD", "K48/NKn6B1ti8l", "siobhan", "quispe"}, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodPost:
				w.Header().Set("Location", "/federation/idp/initiatesso/"+upper+"/"+number+"?login_hint=siobhan.quispe%40northwind.io")
				w.WriteHeader(http.StatusFound)
			case strings.HasSuffix(r.URL.Path, number):
				writePage(w, `<p class="error">Access denied</p><img src="/out/%s">`, number)
			case strings.HasPrefix(r.URL.Path, "/s/"):
				writePage(w, "%s", loginForm)
			case r.URL.Path == "/go":
				w.Header().Set("Location", "/s/"+path+"/login;sid=OiZxDWWJVi;v=1")
				w.WriteHeader(http.StatusFound)
			default:
				w.Header().Set("Refresh", "0;URL=/go?d=dwiPPo8ZD%2BSK48/NKn6B1ti8l/Nv/RkE")
				writePage(w, "Wait")
			}
		}},
		{"callbacks and a domain that is not the host's", `NORTHWIND\u433391`, "wqwqXk9!", 4, []string{words, hexKey, "433391", "northwind", "tundra69", "Quispe", "Siobhan", "4210438"}, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusUnauthorized)
				fmt.Fprintf(w, `{"message":"Authentication Failed","detail":{"uid":"u433391","employeeNumber":"4210438","sn":"Quispe","givenName":"Siobhan","authId":%q}}`, hexKey)
				return
			}
			w.Header().Add("Set-Cookie", "amlbcookie=23; Domain=.northwind.io")
			w.Header().Add("Set-Cookie", "flow="+hexKey+"; Path=/")
			if r.URL.Path != "/next" {
				w.Header().Set("Location", "/next")
				w.WriteHeader(http.StatusFound)
				return
			}
			writePage(w, `<script nonce="%s">self.push([1,"{\"csrf\":\"%s\",\"api\":\"https://tundra69.corp.northwind.io/v1\"}"])</script>%s`, base64.StdEncoding.EncodeToString([]byte(hexKey)), words, loginForm)
		}},
		{"somebody's name, telephone and trace", `NORTHWIND\u433391`, "Velvet harbor 12", 4, []string{"gunnar", "zielinska", "8506", "northwind", "tundra69", path, number, picture[:20], picture[50:], "433391", "HARBOR"}, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				writePage(w, `<p class="error">Wrong: %s</p><!-- token=%s trace %s on tundra69.corp.northwind.de --><cn>Gunnar Zielinska</cn>
<p>Gunnar Zielinska (%s), Gunnar's iPhone ***-***-8506, g****@northwind.io</p><img src="data:image/png;base64,%s">`, strings.ToUpper(r.FormValue("secret")), path, number, html.EscapeString(r.FormValue("login")), picture)
				return
			}
			writePage(w, loginForm)
		}},
	}
}
