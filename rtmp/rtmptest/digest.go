package rtmptest

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"slices"
)

// The digest form of the handshake, from the server's side and on its own: it
// shares nothing with the client's, so that a mistake shows.

var digestKeys = func() (keys struct{ client, server []byte }) {
	shared := []byte{
		0xF0, 0xEE, 0xC2, 0x4A, 0x80, 0x68, 0xBE, 0xE8, 0x2E, 0x00, 0xD0, 0xD1, 0x02, 0x9E, 0x7E, 0x57,
		0x6E, 0xEC, 0x5D, 0x2D, 0x29, 0x80, 0x6F, 0xAB, 0x93, 0xB8, 0xE6, 0x36, 0xCF, 0xEB, 0x31, 0xAE,
	}
	keys.client = append([]byte("Genuine Adobe Flash Player 001"), shared...)
	keys.server = append([]byte("Genuine Adobe Flash Media Server 001"), shared...)
	return keys
}()

func hmacSHA256(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// digestPlaces are the two places where a digest may stand.
func digestPlaces(b []byte) [2]int {
	sum := func(b []byte) (n int) {
		for _, c := range b {
			n += int(c)
		}
		return n % 728
	}
	return [2]int{12 + sum(b[8:12]), 776 + sum(b[772:776])}
}

// clientDigest finds the digest of C1; nil where there is none.
func clientDigest(c1 []byte) []byte {
	if bytes.Equal(c1[4:8], make([]byte, 4)) {
		return nil
	}
	for _, at := range digestPlaces(c1) {
		if bytes.Equal(c1[at:at+32], hmacSHA256(digestKeys.client[:30], c1[:at], c1[at+32:])) {
			return c1[at : at+32]
		}
	}
	return nil
}

// digestHandshake answers a digest C1 in the script's schema and checks C2. A
// C1 without one ends the connection.
func (s *Session) digestHandshake(r io.Reader, c1 []byte) error {
	asked := clientDigest(c1)
	if asked == nil {
		_ = s.conn.Close()
		return errNoDigest
	}
	answer := make([]byte, 1+2*1536)
	_, _ = rand.Read(answer)
	answer[0] = 3
	s1, s2 := answer[1:1+1536], answer[1+1536:]
	copy(s1[4:], []byte{3, 5, 1, 1}) // a server's version
	at := digestPlaces(s1)[s.script.DigestSchema]
	digest := hmacSHA256(digestKeys.server[:36], s1[:at], s1[at+32:])
	copy(s1[at:], digest)
	copy(s2[1504:], hmacSHA256(hmacSHA256(digestKeys.server, asked), s2[:1504]))
	c2, err := s.exchange(r, answer)
	if err != nil {
		return err
	}
	if want := hmacSHA256(hmacSHA256(digestKeys.client, digest), c2[:1504]); !slices.Equal(c2[1504:], want) {
		s.t.Error("rtmptest: C2 does not answer the digest of S1")
	}
	return nil
}
