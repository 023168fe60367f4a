package handshake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
)

const (
	digestSize = sha256.Size
	// keyText and serverKeyText are how much of a key is used for digests of
	// C1 and S1: the text before the shared bytes.
	keyText       = 30
	serverKeyText = 36
)

// sharedKey ends both keys.
const sharedKey = "\xF0\xEE\xC2\x4A\x80\x68\xBE\xE8\x2E\x00\xD0\xD1\x02\x9E\x7E\x57" +
	"\x6E\xEC\x5D\x2D\x29\x80\x6F\xAB\x93\xB8\xE6\x36\xCF\xEB\x31\xAE"

// The keys of the players and servers that the form began with. They have been
// public for long, and keep nobody out.
var (
	clientKey = []byte("Genuine Adobe Flash Player 001" + sharedKey)
	serverKey = []byte("Genuine Adobe Flash Media Server 001" + sharedKey)
)

// digestVersion stands in C1 where the simple form has zeros: the version of
// the player whose form this is, as FFmpeg sends it.
var digestVersion = [4]byte{9, 0, 124, 2}

// schema is where a digest stands: at the sum of four bytes, modulo 728, behind
// base. There are two.
type schema struct{ sumAt, base int }

var (
	schemaA = schema{8, 12}
	schemaB = schema{772, 776}
)

func (s schema) place(b []byte) int {
	sum := int(b[s.sumAt]) + int(b[s.sumAt+1]) + int(b[s.sumAt+2]) + int(b[s.sumAt+3])
	return sum%728 + s.base
}

// digestOf is the digest of C1 or S1: over all but the digest's own place.
func digestOf(b []byte, at int, key []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(b[:at])
	mac.Write(b[at+digestSize:])
	return mac.Sum(nil)
}

// signC1 makes the digest form of a filled C1.
func signC1(c1 []byte) {
	copy(c1[4:], digestVersion[:])
	at := schemaA.place(c1)
	copy(c1[at:], digestOf(c1, at, clientKey[:keyText]))
}

// serverDigest finds the digest of S1; nil when the server does not know the
// form, and has answered in the simple one.
func serverDigest(s1 []byte) []byte {
	if bytes.Equal(s1[4:8], []byte{0, 0, 0, 0}) {
		return nil
	}
	for _, s := range []schema{schemaA, schemaB} {
		at := s.place(s1)
		if digest := s1[at : at+digestSize]; hmac.Equal(digest, digestOf(s1, at, serverKey[:serverKeyText])) {
			return digest
		}
	}
	return nil
}

// signedC2 answers the digest of S1: random bytes, and a digest whose key only
// the reader of S1 can have.
func signedC2(digest []byte, random io.Reader) ([]byte, error) {
	c2 := make([]byte, Size)
	body := c2[:Size-digestSize]
	if _, err := io.ReadFull(random, body); err != nil {
		return nil, fmt.Errorf("random bytes: %w", err)
	}
	key := sign(clientKey, digest)
	copy(c2[len(body):], sign(key, body))
	return c2, nil
}

func sign(key, text []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	return mac.Sum(nil)
}
