package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"rtmpwriter/input"
	"rtmpwriter/internal/receiver"
	"rtmpwriter/media"
)

// digest is a source that sums up the coded frames that pass through it, in the
// receiver's way.
type digest struct {
	input.Source
	frames [2]int // video, audio
	sums   [2]hash.Hash
}

func newDigest(source media.Source) *digest {
	return &digest{Source: source, sums: [2]hash.Hash{sha256.New(), sha256.New()}}
}

// Next passes on a packet and adds it to the sums.
func (d *digest) Next() (media.Packet, error) {
	p, err := d.Source.Next()
	if err == nil {
		kind := 0
		if d.Tracks()[p.Track].Codec.IsAudio() {
			kind = 1
		}
		d.frames[kind]++
		_, _ = d.sums[kind].Write(p.Data) // a hash never fails
	}
	return p, err
}

// arrival is what the receiver got of one track, beside what was read.
type arrival struct {
	Track    string `json:"track"`
	Frames   int    `json:"frames"`
	Expected int    `json:"frames_expected"`
	Bytes    int64  `json:"bytes"`
	Sum      string `json:"sha256"`
	Equal    bool   `json:"equal"`
}

func (d *digest) arrivals(got *receiver.Result) (list []arrival, same bool) {
	same = true
	for i, track := range []receiver.Track{got.Video, got.Audio} {
		a := arrival{
			Track: []string{"Video", "Audio"}[i], Frames: track.Frames, Expected: d.frames[i],
			Bytes: track.Bytes, Sum: hex.EncodeToString(track.Sum[:]),
		}
		a.Equal = a.Sum == hex.EncodeToString(d.sums[i].Sum(nil)) && a.Frames == a.Expected && !track.HeaderMissing
		same = same && a.Equal
		list = append(list, a)
	}
	return list, same
}

// errDemoDiffers makes the exit code of a demo whose frames did not all arrive.
var errDemoDiffers = errors.New("what arrived is not the clip")

// verdict tells what arrived, and is an error when that is not the clip.
func (d *digest) verdict(got *receiver.Result, report reportFlags, out io.Writer) error {
	list, same := d.arrivals(got)
	w := bufio.NewWriter(out)
	switch {
	case report.json:
		_ = json.NewEncoder(w).Encode(map[string]any{"event": "demo", "equal": same, "arrived": list}) // Flush tells
	case !report.quiet:
		printArrivals(w, list, same)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if !same {
		return errDemoDiffers
	}
	return nil
}

func printArrivals(w io.Writer, list []arrival, same bool) {
	for _, a := range list {
		verdict := "equal to the clip's"
		if !a.Equal {
			verdict = "NOT the clip's"
		}
		fmt.Fprintf(w, "%s arrived: %d of %d frames, %d bytes, SHA-256 of all coded frames %s… %s\n",
			a.Track, a.Frames, a.Expected, a.Bytes, a.Sum[:16], verdict)
	}
	if same {
		fmt.Fprintln(w, "Every frame arrived, bit for bit.")
	}
}
