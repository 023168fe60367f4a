// Package auth has the two ways of RTMP authentication that servers use, as
// the publishers in the field speak them; no specification exists. Both work in
// rounds of one connection each: the server refuses connect and says in the
// error's description what it wants (Parse), and the client connects again with
// a query behind application and tcUrl (Kind.Ask, then Demand.Respond).
//
// The functions are pure: connections are the session's business.
package auth

import (
	"crypto/md5" //nolint:gosec // both schemes are made of it
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// Kind is a way of authentication.
type Kind uint8

// The kinds.
const (
	Unknown   Kind = iota // none that is known
	Adobe                 // authmod=adobe
	Limelight             // authmod=llnw
)

// mods are the kinds as the protocol calls them.
var mods = [...]string{Adobe: "adobe", Limelight: "llnw"}

// String is the kind's name for people.
func (k Kind) String() string {
	switch k {
	case Adobe:
		return "adobe"
	case Limelight:
		return "limelight"
	default:
		return "unknown"
	}
}

// Stage is how far the server is.
type Stage uint8

// The stages of a Demand.
const (
	NeedName     Stage = iota // it wants to be told the user's name
	NeedResponse              // it has sent what the response is made of
	Refused                   // it did not accept the response, or does not know the user
)

// Demand is what the server says in a refusal of connect.
type Demand struct {
	Stage Stage
	Kind  Kind
	// Mod is the kind as the server called it; empty when it named none.
	Mod string
	// Reason is the server's word for a refusal, such as authfailed.
	Reason string

	salt, challenge, opaque string // Adobe
	nonce                   string // Limelight
}

// Ask is the query that asks for a challenge.
func (k Kind) Ask(user string) string {
	return "authmod=" + mods[k] + "&user=" + escape(user)
}

// Respond is the query that answers a challenge of the kind. app is the
// application as the server gets it; random is the client's part, new each
// time. Besides the query, no part of which may be logged, it returns the values
// in it that are secrets.
func (d Demand) Respond(kind Kind, user, password, app string, random [4]byte) (query string, secrets []string) {
	nonce := hex.EncodeToString(random[:])
	if kind == Limelight {
		response := limelight(user, password, app, d.nonce, nonce)
		return fmt.Sprintf("%s&nonce=%s&cnonce=%s&nc=%s&response=%s", kind.Ask(user), d.nonce, nonce, nonceCount, response),
			[]string{d.nonce, nonce, response}
	}
	asked := d.challenge
	if d.opaque != "" { // it stands for the challenge, and the server wants it back
		asked = d.opaque
	}
	response := md5Base64(md5Base64(user+d.salt+password) + asked + nonce)
	query = fmt.Sprintf("%s&challenge=%s&response=%s", kind.Ask(user), nonce, response)
	if d.opaque != "" {
		query += "&opaque=" + d.opaque
	}
	return query, []string{d.salt, d.challenge, d.opaque, nonce, response}
}

// nonceCount is nc, which counts a nonce's uses: each of ours has one.
const nonceCount = "00000001"

// limelight is the digest authentication of HTTP (RFC 2617) with the method
// "publish", the realm "live" and the application as the resource.
func limelight(user, password, app, nonce, cnonce string) string {
	name, _, _ := strings.Cut(app, "?")
	if !strings.Contains(name, "/") {
		name += "/_definst_"
	}
	ha1, ha2 := md5Hex(user+":live:"+password), md5Hex("publish:/"+name)
	return md5Hex(strings.Join([]string{ha1, nonce, nonceCount, cnonce, "auth", ha2}, ":"))
}

func md5Hex(s string) string {
	sum := md5.Sum([]byte(s)) //nolint:gosec // the scheme's own
	return hex.EncodeToString(sum[:])
}

func md5Base64(s string) string {
	sum := md5.Sum([]byte(s)) //nolint:gosec // the scheme's own
	return base64.StdEncoding.EncodeToString(sum[:])
}

// escape writes a user name into a query. Publishers in the field put it there
// as it is, and servers compare it so. Only what would break the query is
// escaped: its own signs, the space and control characters.
func escape(user string) string {
	var b strings.Builder
	for i := range len(user) {
		if c := user[i]; c <= ' ' || c == 0x7f || strings.IndexByte("&?=#%", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
