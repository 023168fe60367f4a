package rtmptest

import (
	"crypto/md5" //nolint:gosec // the schemes are made of it
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// Login asks for RTMP authentication as servers do: each refused connect is
// answered by what the client has to send next, and the connection is closed.
// Its sums are made without the client's code.
type Login struct {
	// Limelight asks for authmod=llnw instead of adobe.
	Limelight bool
	// User and Password are let in. User is as the query has it.
	User, Password string
	// Opaque is sent along with the challenge when it is not empty, and wanted back.
	Opaque string
	// Wrapped puts Wowza's words around every description.
	Wrapped bool
}

// What a Login sends: base64 with all its signs, and nothing that is another's
// part.
const (
	LoginSalt      = "sAlt+/8w=="
	LoginChallenge = "cHallenge+/9A=="
	LoginNonce     = "nOnce+/42=="
)

// Handler answers connect.
func (l Login) Handler() Handler {
	return func(s *Session, m Message) {
		said := l.says(App(m))
		if said == "" {
			s.answer(m)
			return
		}
		Then(Refuse("NetConnection.Connect.Rejected", said), Hangup())(s, m)
	}
}

// App is the application of a connect command.
func App(connect Message) string {
	app, _ := Property(connect, "app")
	text, _ := app.(string)
	return text
}

// says is the description of a refusal; empty for who is let in.
func (l Login) says(app string) string {
	name, params := queryOf(app)
	mod := "authmod=adobe"
	if l.Limelight {
		mod = "authmod=llnw"
	}
	about := func(reason string) string {
		if l.Wrapped {
			return "[ AccessManager.Reject ] : [ " + mod + " ] : " + reason
		}
		return mod + " :" + reason
	}
	switch {
	case "authmod="+params["authmod"] != mod:
		if l.Wrapped {
			return "[ AccessManager.Reject ] : [ code=403 need auth; " + mod + " ] : "
		}
		return "code=403 need auth; " + mod
	case params["user"] != l.User:
		return about("?reason=nosuchuser&opaque=" + l.Opaque)
	case params["response"] == "" && l.Limelight:
		return about("?reason=needauth&user=" + l.User + "&nonce=" + LoginNonce)
	case params["response"] == "":
		said := "?reason=needauth&user=" + l.User + "&salt=" + LoginSalt + "&challenge=" + LoginChallenge
		if l.Opaque != "" {
			said += "&opaque=" + l.Opaque
		}
		return about(said)
	case l.Limelight && params["response"] != l.limelight(name, params):
		return about("?reason=authfail")
	case !l.Limelight && (params["response"] != l.adobe(params) || params["opaque"] != l.Opaque):
		return about("?reason=authfailed&opaque=" + l.Opaque)
	}
	return ""
}

func (l Login) adobe(params map[string]string) string {
	sum := func(parts ...string) string {
		b := md5.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the scheme's own
		return base64.StdEncoding.EncodeToString(b[:])
	}
	asked := LoginChallenge
	if l.Opaque != "" {
		asked = l.Opaque
	}
	return sum(sum(unescaped(l.User), LoginSalt, l.Password), asked, params["challenge"])
}

func (l Login) limelight(app string, params map[string]string) string {
	sum := func(format string, a ...any) string {
		b := md5.Sum(fmt.Appendf(nil, format, a...)) //nolint:gosec // the scheme's own
		return hex.EncodeToString(b[:])
	}
	if params["nc"] != "00000001" || params["nonce"] != LoginNonce {
		return ""
	}
	if !strings.Contains(app, "/") {
		app += "/_definst_"
	}
	return sum("%s:%s:00000001:%s:auth:%s", sum("%s:live:%s", unescaped(l.User), l.Password), LoginNonce, params["cnonce"], sum("publish:/%s", app))
}

// unescaped is a user name as its owner writes it.
func unescaped(user string) string {
	return strings.NewReplacer("%26", "&", "%3D", "=", "%3F", "?", "%20", " ").Replace(user)
}

// queryOf takes an application apart; nothing is decoded.
func queryOf(app string) (name string, params map[string]string) {
	name, query, _ := strings.Cut(app, "?")
	params = map[string]string{}
	for param := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(param, "=")
		params[key] = value
	}
	return name, params
}
