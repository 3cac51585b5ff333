"""Generates the names of authors. As on arXiv, some have accents or are written in other scripts."""

# ruff: noqa: SIM905 - lists of words are written as running text
from __future__ import annotations

from collections.abc import Callable

_GIVEN = (
    "Wei Li Ana María José Jürgen André Zoë Søren Łukasz Jiří Élodie Françoise Göran Håkon Dvořák Aylin Çağla Ioana"
    " Ștefan Miloš Željko Siobhán Núria Anaïs René Gérard Jörg Øystein Åsa Björn Ángel Inés Tomás Rafał Michał Paweł"
    " Ondřej Šárka Zdeněk László Győző Erzsébet Ferenc Katarína Ľubomír Nguyễn Thị Văn Minh Anna John David Michael"
    " Robert Maria Daniel Thomas Andreas Peter Alexander Paul Martin Mark James Christian Stefan Richard Matthias"
    " Christopher Andrew Marco Francesco Giuseppe Paolo Luca Alessandro Pierre Jean Philippe Nicolas Laurent Michel"
    " Carlos Juan Luis Pedro Miguel Fernando Antonio Ivan Sergei Vladimir Alexei Dmitry Mikhail Andrei Nikolai Olga"
    " Elena Natalia Tatiana Irina Yuki Hiroshi Takashi Kenji Makoto Satoshi Yoko Akira Haruka Naoki Jun Min Ji Hyun"
    " Sung Young Seung Xiaoming Jianhua Yang Lei Jing Hao Yu Xin Ming Fei Qing Tao Bin Chao Peng Rui Zhen Siddharth"
    " Rahul Priya Amit Anil Sanjay Deepak Ravi Suresh Lakshmi Ananya Arjun Vikram Mohammad Ahmed Ali Hassan Fatima"
    " Omar Yusuf Reza Leila Mehdi Sara Amir Noa Yael Eitan Moshe Daphna Kofi Ama Chinedu Ngozi Thabo Amara Wanjiru"
    " Laura Julia Sophie Emma Hannah Clara Nina Eva Marie Sarah Rachel Rebecca Emily Jessica Kate Alice Ruth Grace"
).split()
_FAMILY = (
    "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Tang Kim Lee"
    " Park Choi Jung Kang Cho Yoon Lim Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato"
    " Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Martin Jackson Thompson"
    " White Harris Clark Lewis Robinson Walker Hall Allen King Wright Scott Green Baker Adams Nelson Hill Campbell"
    " Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein"
    " Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Günther Böhm Jäger Grünwald Weiß"
    " García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz Moreno"
    " Muñoz Álvarez Romero Alonso Gutiérrez Navarro Núñez Peña Ibáñez Rossi Russo Ferrari Esposito Bianchi Romano"
    " Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano Mancini Rizzo Lombardi Moretti Dubois Durand Lefèvre"
    " Moreau Laurent Simon Michel Leroy Roux Fournier Girard Bonnet Lambert François Mercier Blanc Guérin Boyer"
    " Ivanov Petrov Sidorov Smirnov Kuznetsov Popov Sokolov Lebedev Kozlov Novikov Morozov Volkov Fedorov Egorov"
    " Kowalski Nowak Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Dąbrowski Kozłowski Novák Svoboda"
    " Dvořák Černý Procházka Kučera Veselý Horák Němec Erdős Nagy Kovács Szabó Tóth Horváth Kiss Molnár Németh Farkas"
    " Popescu Ionescu Georgiou Papadopoulos Nikolaidis Vasilakis Øvergård Håkansson Lindström Nyström Sjöberg Åkesson"
    " Østergaard Sørensen Jørgensen Kjær Mäkinen Virtanen Korhonen Hämäläinen Sharma Gupta Singh Kumar Patel Mehta"
    " Reddy Rao Iyer Nair Banerjee Chatterjee Mukherjee Das Bose Khan Ahmed Hussain Hosseini Ahmadi Karimi Rahimi"
    " Cohen Levy Mizrahi Peretz Friedman Katz Yılmaz Öztürk Çelik Şahin Güneş Nguyễn Trần Lê Phạm Hoàng Võ Đặng Bùi"
    " Silva Santos Oliveira Souza Pereira Lima Carvalho Araújo Conceição Magalhães Gonçalves Simões Okafor Adeyemi"
    " Mensah Dlamini Moyo Kamau Otieno Tesfaye Haile van-der-Berg de-Vries Jansen Bakker Visser O'Brien O'Connor"
    " Mac-Donald Abu-Shammala Al-Rashid Ben-David"
).split()
_CJK_FAMILY = "王 李 张 刘 陈 杨 黄 赵 吴 周 田中 佐藤 鈴木 高橋 渡辺 山本 김 이 박 최".split()
_CJK_GIVEN = "伟 芳 娜 敏 静 丽 强 磊 洋 勇 军 杰 小明 健一 太郎 花子 直樹 美咲 민수 지훈 서연 현우".split()
_SYLLABLES = "ba ko ri ta ne mu si la do ve ga hi zu pe ro ji wa me lo ki sha tri bren dal mor vin stel kov".split()
_ENDS = "n r s l t v ski son ov ez ini ard us ó é ić man ström dottir".split()
# The share of authors whose names are in Chinese, Japanese or Korean script, and the share of authors with a unique
# family name.
_OWN_SCRIPT = 0.006
_UNHEARD_OF = 0.25
# The larger this exponent, the more often the first names of a list are chosen.
_SKEW = 1.6


def person(random: Callable[[], float]) -> tuple[str, str]:
    """Generate a person: given name and family name. `random` returns a number from 0 to 1."""
    if random() < _OWN_SCRIPT:
        return _one(_CJK_GIVEN, random), _one(_CJK_FAMILY, random)
    given = _one(_GIVEN, random)
    style = random()
    if style < 0.30:
        given = f"{given[0]}."
    elif style < 0.42:
        given = f"{given} {_one(_GIVEN, random)[0]}."
    if random() < _UNHEARD_OF:
        middle = "".join(_SYLLABLES[int(random() * len(_SYLLABLES))] for _ in range(2 + int(random() * 2)))
        return given, f"{middle}{_ENDS[int(random() * len(_ENDS))]}".capitalize()
    return given, _one(_FAMILY, random).replace("-", " ") if random() < 0.9 else _double(random)


def _double(random: Callable[[], float]) -> str:
    return f"{_one(_FAMILY, random)}-{_one(_FAMILY, random)}"


def _one(names: list[str], random: Callable[[], float]) -> str:
    return names[int(random() ** _SKEW * len(names))]
