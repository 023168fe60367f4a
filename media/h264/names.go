package h264

import "fmt"

// Constraint flags as they stand in the SPS's second byte.
const (
	constraintSet1 = 0x40
	constraintSet3 = 0x10
	constraintSet4 = 0x08
	constraintSet5 = 0x04
)

// profileNames are those of annexes A, G, H and I, without the constrained
// and intra ones.
var profileNames = map[uint8]string{
	44:  "CAVLC 4:4:4 Intra",
	66:  "Baseline",
	77:  "Main",
	83:  "Scalable Baseline",
	86:  "Scalable High",
	88:  "Extended",
	100: "High",
	110: "High 10",
	118: "Multiview High",
	122: "High 4:2:2",
	128: "Stereo High",
	134: "MFC High",
	135: "MFC Depth High",
	138: "Multiview Depth High",
	139: "Enhanced Multiview Depth High",
	244: "High 4:4:4 Predictive",
}

// ProfileName names the profile of the profile_idc and the constraint byte
// behind it, for example "High" or "Constrained Baseline" (A.2).
func ProfileName(profileIDC, constraints uint8) string {
	switch {
	case profileIDC == 66 && constraints&constraintSet1 != 0:
		return "Constrained Baseline"
	case profileIDC == 100 && constraints&constraintSet4 != 0 && constraints&constraintSet5 != 0:
		return "Constrained High"
	case profileIDC == 100 && constraints&constraintSet4 != 0:
		return "Progressive High"
	case profileIDC == 244 && constraints&constraintSet3 != 0:
		return "High 4:4:4 Intra"
	case (profileIDC == 110 || profileIDC == 122) && constraints&constraintSet3 != 0:
		return profileNames[profileIDC] + " Intra"
	}
	if name, ok := profileNames[profileIDC]; ok {
		return name
	}
	return fmt.Sprintf("profile %d", profileIDC)
}

// LevelName names the level, for example "4.1" or "1b" (A.3.1).
func LevelName(profileIDC, constraints, levelIDC uint8) string {
	if isLevel1b(profileIDC, constraints, levelIDC) {
		return "1b"
	}
	if levelIDC%10 == 0 {
		return fmt.Sprintf("%d", levelIDC/10)
	}
	return fmt.Sprintf("%d.%d", levelIDC/10, levelIDC%10)
}

func isLevel1b(profileIDC, constraints, levelIDC uint8) bool {
	old := profileIDC == 66 || profileIDC == 77 || profileIDC == 88
	return levelIDC == 9 || levelIDC == 11 && old && constraints&constraintSet3 != 0
}

// ProfileName names the sequence's profile.
func (s *SPS) ProfileName() string { return ProfileName(s.ProfileIDC, s.Constraints) }

// LevelName names the sequence's level.
func (s *SPS) LevelName() string { return LevelName(s.ProfileIDC, s.Constraints, s.LevelIDC) }
