package handshake

import (
	"bytes"
	"encoding/hex"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// signedServerBytes are serverBytes with a digest in S1.
func signedServerBytes(s schema) []byte {
	b := serverBytes()
	s1 := b[1 : 1+Size]
	at := s.place(s1)
	copy(s1[at:], digestOf(s1, at, serverKey[:serverKeyText]))
	return b
}

// TestDigestForm compares with what another program, twenty lines of Python
// with its hmac module, made of the same bytes by the same rules.
func TestDigestForm(t *testing.T) {
	require.Len(t, clientKey, 62)
	require.Len(t, serverKey, 68)
	for _, c := range []struct {
		name       string
		schema     schema
		at         int
		digest, c2 string
	}{
		{"schema A", schemaA, 454, "7e91178b7da68c08601ba3a5bd3fdf5d5040fa455be68c2ce9e1ef219290a8ad", "f47534168f2d694e76bf6eac3c1e97b31917d6afc0cfaaa33b2e657a478fe5ec"},
		{"schema B", schemaB, 1202, "f020e383393a9c045ce74e28f17a1963b7c9adc856653963302777fde3deaf96", "da9178772d7745b32480995e77d82120e7470d9a76ffd3fdf4b1cd98c6c7d74a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				in := signedServerBytes(c.schema)
				require.Equal(t, c.digest, hex.EncodeToString(in[1+c.at:][:digestSize]))
				rw := &answers{in: bytes.NewReader(in)}
				require.NoError(t, Client(rw, new(pattern), time.Now(), Digest))
				sent := rw.out.Bytes()
				require.Len(t, sent, 1+2*Size)
				c1, c2 := sent[1:1+Size], sent[1+Size:]
				require.Equal(t, []byte{0, 0, 0, 0, 9, 0, 124, 2, 0, 1, 2, 3}, c1[:12], "time, version, random part")
				require.Equal(t, "63000693ce5f581e2ec689efa1b2ff8424a15a92e4e5c37e0f3b4e16e5812d45", hex.EncodeToString(c1[18:][:digestSize]))
				require.Equal(t, c.c2, hex.EncodeToString(c2[Size-digestSize:]))
			})
		})
	}
}

// A server that does not know the digest form is answered in the simple one.
func TestDigestFormMeetsSimpleServers(t *testing.T) {
	zeros := serverBytes()
	copy(zeros[5:], []byte{0, 0, 0, 0})
	signed := signedServerBytes(schemaA)
	copy(signed[5:], []byte{0, 0, 0, 0})
	broken := signedServerBytes(schemaA)
	broken[1+454]++
	for name, in := range map[string][]byte{"no version": zeros, "a version, but no digest": serverBytes(), "a digest by chance": signed, "a wrong digest": broken} {
		t.Run(name, func(t *testing.T) {
			rw := &answers{in: bytes.NewReader(in)}
			require.NoError(t, Client(rw, new(pattern), time.Now(), Digest))
			c2 := rw.out.Bytes()[1+Size:]
			require.Equal(t, in[1+8:1+Size], c2[8:], "the echo of S1")
		})
	}
}

// Both schemas have room for the digest, whatever the sum.
func TestDigestPlaces(t *testing.T) {
	for _, s := range []schema{schemaA, schemaB} {
		for sum := range 4*255 + 1 {
			b := make([]byte, Size)
			for i, left := 0, sum; i < 4; i++ {
				b[s.sumAt+i] = byte(min(left, 255))
				left -= int(b[s.sumAt+i])
			}
			at := s.place(b)
			require.GreaterOrEqual(t, at, s.sumAt+4, "the digest would change its own place")
			require.LessOrEqual(t, at+digestSize, Size)
		}
	}
}
