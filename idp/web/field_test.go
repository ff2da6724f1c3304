package web

import "testing"

func TestFill(t *testing.T) {
	t.Parallel()
	page := newPage(t, utf8Page, `<form method=post id=login name=n><input name=User><input type=radio name=r value=1 checked><input type=radio name=r value=2>
		<select name=s><option>a<option>b</select><input type=checkbox name=c value=1><button name=set value=x>Go</button></form>`)
	f := page.Form("#login")
	f.Set("User", "alice").Set("r", "2").Set("s", "b").Set("c", "1").Set("set", "added")
	if got, want := urlencode(f.Entries()), "User=alice&r=2&s=b&c=1&set=added"; got != want {
		t.Errorf("filled form sends %q, want %q", got, want)
	}
	if got, want := urlencode(page.Forms()[0].Entries()), "User=&r=1&s=a"; got != want {
		t.Errorf("the page's form sends %q, want %q: it was changed", got, want)
	}
	if f.Value("user") != "alice" || f.Value("none") != "" || f.Attr("name") != "n" || f.Words() != "a b Go" && f.Words() != "Go" {
		t.Errorf("Value, Attr or Words: %q %q %q %q", f.Value("user"), f.Value("none"), f.Attr("name"), f.Words())
	}
	pressed := f.Press(f.Buttons()[0]).Copy()
	if pressed.Pressed() == f.Pressed() || pressed.Pressed() != pressed.Fields[len(pressed.Fields)-2] {
		t.Error("a copy's pressed button is not its own")
	}
	if page.Form("input[name=User]") == nil || page.Form("#none") != nil {
		t.Error("Form by a control's selector")
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	page := newPage(t, utf8Page, `<form><label for=u> User <b>name</b></label><input id=u name=u>
		<label>Code <input name=c type=tel></label><input name=p type=password aria-label="Pass`+"\x1b"+`word">
		<input name=h type=hidden><span style="DISPLAY : none"><input name=trap></span><input name=ro readonly placeholder=P>
		<div aria-hidden=true><input name=aria></div><noscript><input name=ns title=T></noscript><input name=off disabled>
		<textarea name=ta></textarea><input type=button name=b value=B><button name=bt type=reset><i>R</i>eset</button><input type=checkbox name=cb>
		<select name=s><option>1</select><select name=hs hidden></select>
		<input name=auto readonly onfocus="this.removeAttribute('readOnly')"><input type=image name=im alt=Enter><button name=pic><img alt=Push></button>
		<div style="position:absolute; left: -9999px"><input name=away></div><p style="margin-left:-10px"><input name=near></form>`)
	for _, c := range []struct {
		name, label       string
		visible, fillable bool
	}{
		{"u", "User name", true, true}, {"c", "Code", true, true}, {"p", "Password", true, true}, {"h", "", false, false},
		{"trap", "", false, false}, {"ro", "P", true, false}, {"aria", "", false, false}, {"ns", "T", true, true}, {"off", "", true, false},
		{"ta", "", true, true}, {"b", "B", true, false}, {"bt", "Reset", true, false}, {"cb", "", true, false}, {"s", "", true, false}, {"hs", "", false, false},
		{"auto", "", true, true}, {"im", "Enter", true, false}, {"pic", "Push", true, false}, {"away", "", false, false}, {"near", "", true, true},
	} {
		x := page.Forms()[0].Field(c.name)
		if x.Label() != c.label || x.Visible() != c.visible || x.Fillable() != c.fillable {
			t.Errorf("%s: label %q, visible %t, fillable %t; want %q, %t, %t", c.name, x.Label(), x.Visible(), x.Fillable(), c.label, c.visible, c.fillable)
		}
	}
	added := page.Form("form").Set("new", "1").Field("new")
	if added.Label() != "" || added.Attr("x") != "" || added.Is("input") || added.Visible() {
		t.Error("an added field looks like one of the page")
	}
}
