package auth

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		description string
		want        Demand
	}{
		{"code=403 need auth; authmod=adobe", Demand{Stage: NeedName, Kind: Adobe, Mod: "adobe"}},
		{"[ AccessManager.Reject ] : [ code=403 need auth; authmod=adobe ] : ", Demand{Stage: NeedName, Kind: Adobe, Mod: "adobe"}},
		{"code=403 need auth; authmod=LLNW", Demand{Stage: NeedName, Kind: Limelight, Mod: "llnw"}},
		{"code=403 need auth; authmod=kerberos", Demand{Stage: NeedName, Mod: "kerberos"}},
		{"Need auth", Demand{Stage: NeedName}},
		{"[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=joe&salt=a+/=&challenge=b==&opaque=c=",
			Demand{Stage: NeedResponse, Kind: Adobe, Mod: "adobe", Reason: "needauth", salt: "a+/=", challenge: "b==", opaque: "c="}},
		{"[ AccessManager.Reject ] : [ ?opaque=c&challenge=b&reason=needauth&salt=a; authmod=adobe]",
			Demand{Stage: NeedResponse, Kind: Adobe, Mod: "adobe", Reason: "needauth", salt: "a", challenge: "b", opaque: "c"}},
		{"authmod=llnw;nonce=n&user=joe", Demand{Stage: NeedResponse, Kind: Limelight, Mod: "llnw", nonce: "n"}},
		{"…salt=a&challenge=b", Demand{Stage: NeedResponse, Kind: Adobe, salt: "a", challenge: "b"}},
		{"[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=authfailed&opaque=x", Demand{Stage: Refused, Kind: Adobe, Mod: "adobe", Reason: "authfailed", opaque: "x"}},
		{"authmod=adobe :?reason=nosuchuser&user=joe", Demand{Stage: Refused, Kind: Adobe, Mod: "adobe", Reason: "nosuchuser"}},
		{"?reason=authfail&authmod=llnw", Demand{Stage: Refused, Kind: Limelight, Mod: "llnw", Reason: "authfail"}},
		{"authmod=adobe?reason=expired", Demand{Stage: Refused, Kind: Adobe, Mod: "adobe", Reason: "expired"}},
	} {
		got, ok := Parse(c.description)
		require.True(t, ok, c.description)
		require.Equal(t, c.want, got, c.description)
	}
	for _, other := range []string{
		"", "no such application", "[ Server.Reject ] : (_defaultRoot_, _defaultVHost_) : Application (x) is not defined.",
		"[ AccessManager.Reject ] : [ code=302 redirect ]", "reason=maintenance", "=", "&=&", strings.Repeat(" ", maxDescription) + "authmod=adobe",
	} {
		_, ok := Parse(other)
		require.False(t, ok, other)
	}
}

func TestLongValuesAreNotTaken(t *testing.T) {
	d, ok := Parse("authmod=adobe?reason=needauth&challenge=" + strings.Repeat("x", maxValue+1) + "&salt=a")
	require.True(t, ok)
	require.Empty(t, d.challenge)
	require.Equal(t, "a", d.salt)
}

func TestMask(t *testing.T) {
	require.Equal(t, "[ authmod=adobe ] : ?reason=needauth&user=joe&salt=*&challenge=*&opaque=* mysalt=a",
		Mask("[ authmod=adobe ] : ?reason=needauth&user=joe&salt=a&challenge=b==&opaque=c mysalt=a", "*"))
	require.Equal(t, "nonce=*&cnonce=*&Response=* salt=", Mask("nonce=n&cnonce=m&Response=r salt=", "*"))
	require.Equal(t, "nothing", Mask("nothing", "*"))
}

// FuzzParse checks that no description panics, and that what goes into our
// query can't add parameters to it.
func FuzzParse(f *testing.F) {
	f.Add("[ AccessManager.Reject ] : [ authmod=adobe ] : ?reason=needauth&user=joe&salt=a&challenge=b&opaque=c", "joe")
	f.Add("?authmod=llnw&nonce=n=", "a&b")
	f.Add("\xffsalt=\xff\x00&challenge", "")
	f.Fuzz(func(t *testing.T, description, user string) {
		_ = Mask(description, "****")
		d, ok := Parse(description)
		if !ok {
			return
		}
		for kind, params := range map[Kind]int{Adobe: 3, Limelight: 5} {
			query, _ := d.Respond(kind, user, "p", description, random)
			if kind == Adobe && d.opaque != "" {
				params++
			}
			require.Equal(t, params, strings.Count(query, "&"))
			require.False(t, strings.ContainsFunc(query, func(c rune) bool { return c <= ' ' || c == '?' || c == '#' }), query)
		}
	})
}
