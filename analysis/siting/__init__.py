from analysis.siting.answers import answer, ranked_answers, score
from analysis.siting.model import Question, SitingResult, Watch
