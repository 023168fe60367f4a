package check

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
)

// Whatever number a server says, the report can be written as JSON.
func TestValuesAreJSON(t *testing.T) {
	text, err := json.Marshal(values(amf0.Object{
		{Name: "a", Value: math.NaN()}, {Name: "b", Value: math.Inf(-1)}, {Name: "c", Value: 1.5},
		{Name: "d", Value: amf0.Object{{Name: "e", Value: math.Inf(1)}, {Name: "f", Value: nil}}},
	}))
	require.NoError(t, err)
	require.JSONEq(t, `{"a":"NaN","b":"-Inf","c":1.5,"d":{"e":"+Inf","f":null}}`, string(text))
}

// A certificate may say anything, and a terminal obeys what it is shown.
func TestCertificatesAreShownClean(t *testing.T) {
	evil := &x509.Certificate{
		DNSNames: []string{"a\x1b[2Jb", strings.Repeat("long.example.com", 100)}, Issuer: pkix.Name{CommonName: "\x1b]0;owned\a"},
		NotAfter: time.Now().Add(365 * 24 * time.Hour),
	}
	f := new(Report).secure(&tls.ConnectionState{Version: tls.VersionTLS13, PeerCertificates: []*x509.Certificate{evil}}, 0, true)
	require.Contains(t, f.Detail, "a?[2Jb")
	require.NotContains(t, f.Detail, "\x1b")
	require.Less(t, len(f.Detail), 4*maxWord)
}
