// Package handshake does the RTMP handshake in its two forms: the simple one
// (RTMP 1.0, section 5.2), which every server understands and the publishers in
// the field use, and the digest form of Flash players, which a few servers
// insist on.
package handshake

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	// Version is the protocol version of C0 and S0.
	Version = 3
	// Size is the length of C1, S1, C2 and S2 in bytes.
	Size = 1536

	randomAt = 8 // behind the time and the zero field
)

// Form is what C1 looks like.
type Form uint8

// The forms. Servers that don't know Digest answer it in the simple form.
const (
	Simple Form = iota
	Digest
)

// ErrVersion says that the peer's first byte is not RTMP.
var ErrVersion = errors.New("not an RTMP server")

// Client does the handshake over rw, whose owner bounds its time: it returns
// when S2 has come, so that nothing else is sent before (section 5.2.1). It
// reads exactly the handshake's bytes. random is the source of C1's 1528
// random bytes, start the zero of the timestamps.
//
// S2 is not compared with C1: servers that answer in the digest form do not
// echo it, and publishing to them works.
func Client(rw io.ReadWriter, random io.Reader, start time.Time, form Form) error {
	var out [1 + Size]byte
	out[0] = Version
	c1 := out[1:]
	putTime(c1, start)
	if _, err := io.ReadFull(random, c1[randomAt:]); err != nil {
		return fmt.Errorf("random bytes: %w", err)
	}
	if form == Digest {
		signC1(c1)
	}
	if _, err := rw.Write(out[:]); err != nil {
		return fmt.Errorf("sending C0 and C1: %w", err)
	}

	var in [Size]byte
	if _, err := io.ReadFull(rw, in[:1]); err != nil {
		return fmt.Errorf("waiting for S0: %w", err)
	}
	if in[0] != Version {
		return fmt.Errorf("%w: first byte is %#02x instead of 3 (is this another service's port, or one that wants TLS?)", ErrVersion, in[0])
	}
	if _, err := io.ReadFull(rw, in[:]); err != nil {
		return fmt.Errorf("waiting for S1: %w", err)
	}
	c2, err := answer(in[:], random, start, form)
	if err != nil {
		return err
	}
	if _, err := rw.Write(c2); err != nil {
		return fmt.Errorf("sending C2: %w", err)
	}
	if _, err := io.ReadFull(rw, in[:]); err != nil {
		return fmt.Errorf("waiting for S2: %w", err)
	}
	return nil
}

// answer makes C2 of S1: its echo, with the time of its arrival in the second
// field, or in the digest form an answer to its digest.
func answer(s1 []byte, random io.Reader, start time.Time, form Form) ([]byte, error) {
	if form == Digest {
		if digest := serverDigest(s1); digest != nil {
			return signedC2(digest, random)
		}
	}
	binary.BigEndian.PutUint32(s1[4:], milliseconds(start))
	return s1, nil
}

// putTime writes the time field; the four bytes behind it stay zero, which
// tells the server that this is the simple form.
func putTime(b []byte, start time.Time) { binary.BigEndian.PutUint32(b, milliseconds(start)) }

func milliseconds(start time.Time) uint32 { return uint32(time.Since(start).Milliseconds()) }
